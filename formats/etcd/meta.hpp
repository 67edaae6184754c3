#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/revision.hpp"
#include "formats/etcd/version.hpp"

// The `meta` and `cluster` buckets. Source: etcd
// server/storage/schema/{cindex,confstate,membership,meta}.go

namespace salvor::etcd {

namespace meta_keys {
inline constexpr Bytes consistent_index = "consistent_index";  ///< u64 big-endian
inline constexpr Bytes term = "term";                          ///< u64 big-endian; 3.5 and later
inline constexpr Bytes scheduled_compact = "scheduledCompactRev";
inline constexpr Bytes finished_compact = "finishedCompactRev";
inline constexpr Bytes conf_state = "confState";            ///< JSON; 3.5 and later
inline constexpr Bytes storage_version = "storageVersion";  ///< text; 3.6 and later
}  // namespace meta_keys

namespace cluster_keys {
inline constexpr Bytes version = "clusterVersion";
inline constexpr Bytes downgrade = "downgrade";
}  // namespace cluster_keys

/// raftpb.ConfState as meta/confState has it.
struct ConfState {
    std::vector<MemberId> voters;
    std::vector<MemberId> learners;
    std::vector<MemberId> voters_outgoing;
    std::vector<MemberId> learners_next;
    bool auto_leave = false;
};
Result<ConfState> parse_conf_state(Bytes json);
/// As Go's encoding/json gives it.
std::string encode_conf_state(const ConfState& state);

/// cluster/downgrade: {"target-version":"3.5.0","enabled":true}.
struct Downgrade {
    std::string target_version;
    bool enabled = false;
};
Result<Downgrade> parse_downgrade(Bytes json);
std::string encode_downgrade(const Downgrade& downgrade);

std::optional<std::uint64_t> parse_u64(Bytes value);  ///< exactly 8 bytes, big-endian
std::string encode_u64(std::uint64_t value);
std::optional<Revision> parse_revision(Bytes value);  ///< the 17 bytes, no tombstone

}  // namespace salvor::etcd
