#include "formats/etcd/conf_state_message.hpp"

#include <limits>

#include "formats/etcd/proto/raft.pb.h"

namespace salvor::etcd {
namespace {

using Ids = google::protobuf::RepeatedField<google::protobuf::uint64>;

void put(const std::vector<MemberId>& ids, Ids& to) {
    for (const auto id : ids) to.Add(number(id));
}

std::vector<MemberId> take(const Ids& from) {
    std::vector<MemberId> ids;
    ids.reserve(static_cast<std::size_t>(from.size()));
    for (const auto id : from) ids.push_back(MemberId{id});
    return ids;
}

}  // namespace

void to_message(Line line, const ConfState& state, proto::ConfState& message) {
    put(state.voters, *message.mutable_voters());
    put(state.learners, *message.mutable_learners());
    put(state.voters_outgoing, *message.mutable_voters_outgoing());
    put(state.learners_next, *message.mutable_learners_next());
    if (state.auto_leave || line < Line::v3_7) message.set_auto_leave(state.auto_leave);
}

Result<ConfState> parse_conf_state_message(Bytes bytes) {
    proto::ConfState message;
    // protobuf counts in int.
    if (bytes.size() > std::numeric_limits<int>::max() ||
        !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(ErrorCode::malformed, "raftpb.ConfState of {} bytes does not parse",
                    bytes.size());
    }
    return ConfState{take(message.voters()), take(message.learners()),
                     take(message.voters_outgoing()), take(message.learners_next()),
                     message.auto_leave()};
}

}  // namespace salvor::etcd
