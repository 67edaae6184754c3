#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"

// etcdserverpb.InternalRaftRequest: the data of a log's normal entries. Keys and values are views
// into the entry. Source: etcd api/etcdserverpb/{raft_internal,rpc}.proto, api/membershippb

namespace salvor::etcd {

/// As every request of etcd names keys: without an end the one key, with "\0" all from it upward.
struct KeyRange {
    Bytes key;
    Bytes end;
};

struct RangeRequest {
    KeyRange range;
    std::int64_t revision = 0;
};
struct PutRequest {
    Bytes key;
    Bytes value;
    std::int64_t lease = 0;
    bool prev_kv = false;
    bool ignore_value = false;
    bool ignore_lease = false;
};
struct DeleteRangeRequest {
    KeyRange range;
    bool prev_kv = false;
};

/// A stored number that etcd has no name for stays what it is.
struct Compare {
    enum class Result : std::int32_t { equal = 0, greater = 1, less = 2, not_equal = 3 };
    enum class Target : std::int32_t { version = 0, create = 1, mod = 2, value = 3, lease = 4 };
    Result result{};
    Target target{};
    KeyRange range;
    /// What it is compared with, of the kind that was sent: another kind than the target's counts
    /// as zero, or as no bytes.
    Target sent{};
    std::int64_t number = 0;
    Bytes value;
};

struct TxnRequest;
/// monostate: an operation without a request, or of a kind that etcd has no name for.
using RequestOp =
    std::variant<std::monostate, RangeRequest, PutRequest, DeleteRangeRequest, TxnRequest>;
struct TxnRequest {
    std::vector<Compare> compares;
    std::vector<RequestOp> success;
    std::vector<RequestOp> failure;
};

struct CompactionRequest {
    std::int64_t revision = 0;
};
struct LeaseGrantRequest {
    std::int64_t ttl = 0;  ///< seconds
    std::int64_t id = 0;
};
struct LeaseRevokeRequest {
    std::int64_t id = 0;
};
struct LeaseCheckpointRequest {
    struct Checkpoint {
        std::int64_t id = 0;
        std::int64_t remaining_ttl = 0;  ///< seconds
    };
    std::vector<Checkpoint> checkpoints;
};
struct AlarmRequest {
    enum class Action : std::int32_t { get = 0, activate = 1, deactivate = 2 };
    Action action{};
    Alarm alarm;
};

struct AuthEnableRequest {};
struct AuthDisableRequest {};
struct UserAddRequest {
    std::string name;
    std::string password;         ///< in the clear; what 3.4 sends
    std::string hashed_password;  ///< base64 of the bcrypt text; 3.5 and later
    bool no_password = false;
};
struct UserDeleteRequest {
    std::string name;
};
struct UserChangePasswordRequest {
    std::string name;
    std::string password;
    std::string hashed_password;
};
struct UserGrantRoleRequest {
    std::string user;
    std::string role;
};
struct UserRevokeRoleRequest {
    std::string user;
    std::string role;
};
struct RoleAddRequest {
    std::string name;
};
struct RoleDeleteRequest {
    std::string role;
};
struct RoleGrantPermissionRequest {
    std::string role;
    std::optional<Permission> permission;
};
struct RoleRevokePermissionRequest {
    std::string role;
    std::string key;
    std::string range_end;
};

struct ClusterVersionSetRequest {
    std::string version;
};
struct MemberAttributesSetRequest {
    MemberId member{};
    std::string name;
    std::vector<std::string> client_urls;
};
struct DowngradeInfoSetRequest {
    bool enabled = false;
    std::string version;
};

/// A request that only reads, or that etcd makes for its own tests: it changes no db.
struct ReadingRequest {
    std::uint32_t field = 0;  ///< of InternalRaftRequest
};

/// What an entry asks for. monostate: nothing that this program knows.
using RequestBody =
    std::variant<std::monostate, ReadingRequest, RangeRequest, PutRequest, DeleteRangeRequest,
                 TxnRequest, CompactionRequest, LeaseGrantRequest, LeaseRevokeRequest,
                 LeaseCheckpointRequest, AlarmRequest, AuthEnableRequest, AuthDisableRequest,
                 UserAddRequest, UserDeleteRequest, UserChangePasswordRequest, UserGrantRoleRequest,
                 UserRevokeRoleRequest, RoleAddRequest, RoleDeleteRequest,
                 RoleGrantPermissionRequest, RoleRevokePermissionRequest, ClusterVersionSetRequest,
                 MemberAttributesSetRequest, DowngradeInfoSetRequest>;

struct RaftRequest {
    std::optional<std::string> username;  ///< of the header, where there is one
    std::uint64_t auth_revision = 0;
    RequestBody body;
    std::uint32_t unknown_field = 0;  ///< with monostate: the first field that is not known
};

/// A transaction within a transaction, and so on, no deeper. Go's protobuf stops at 10,000.
constexpr int max_txn_depth = 100;

/// Errors: malformed; too_large (deeper transactions).
/// What 3.4 and 3.5 log as a request of the v2 store (a member's attributes, the cluster's version)
/// comes as what it means; any other such request is unsupported, as 3.6 has it.
/// Source: etcd server/etcdserver/{server.go applyEntryNormal,apply_v2.go}
Result<RaftRequest> parse_raft_request(Bytes data);

}  // namespace salvor::etcd
