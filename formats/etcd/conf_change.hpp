#pragma once

#include "formats/etcd/member.hpp"

namespace salvor::etcd {

/// raftpb.ConfChange, the data of a log's entry of that type. Source: raft raftpb/raft.proto, etcd
/// server/etcdserver/server.go applyConfChange
struct ConfChange {
    enum class Type : std::int32_t { add = 0, remove = 1, update = 2, add_learner = 3 };
    Type type{};
    MemberId member{};
    Member context;           ///< of add, add_learner and update
    bool is_promote = false;  ///< an add that makes a learner a voter
};
/// Errors: malformed (also where the context does not parse, or is of another member).
Result<ConfChange> parse_conf_change(Bytes data);

}  // namespace salvor::etcd
