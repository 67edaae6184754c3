#include "formats/etcd/conf_change.hpp"

#include "formats/etcd/json_row.hpp"
#include "formats/etcd/message.hpp"
#include "formats/etcd/proto/raft.pb.h"

namespace salvor::etcd {

Result<ConfChange> parse_conf_change(Bytes data) {
    SALVOR_TRY(const auto message, parse_message<proto::ConfChange>(data, "raftpb.ConfChange"));
    ConfChange change;
    change.type = static_cast<ConfChange::Type>(message.type());
    change.member = MemberId{message.node_id()};
    if (change.type == ConfChange::Type::remove) return change;
    SALVOR_TRY(change.context, parse_member(message.context()));
    JsonRow row(message.context(), "membership.ConfigChangeContext");
    row.read("isPromote", change.is_promote);
    SALVOR_CHECK(row.done());
    if (change.context.id != change.member) {
        return fail(ErrorCode::malformed, "raftpb.ConfChange of member {} with the context of {}",
                    to_string(change.member), to_string(change.context.id));
    }
    return change;
}

}  // namespace salvor::etcd
