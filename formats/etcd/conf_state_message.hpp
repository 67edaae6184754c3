#pragma once

#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"

// raftpb.ConfState as a message: in the WAL's snapshot records and in .snap files. In
// meta/confState it is JSON.

namespace salvor::etcd {
namespace proto {
class ConfState;
}

/// Up to 3.6 auto_leave is written also where it is false.
void to_message(Line line, const ConfState& state, proto::ConfState& message);
Result<ConfState> parse_conf_state_message(Bytes message);

}  // namespace salvor::etcd
