#include "formats/wal/writer.hpp"

#include "formats/base/checksum.hpp"
#include "formats/etcd/conf_state_message.hpp"
#include "formats/etcd/proto/raft.pb.h"

namespace salvor::wal {
namespace proto = etcd::proto;

void SegmentWriter::metadata(etcd::MemberId node, etcd::ClusterId cluster) {
    proto::Metadata message;
    message.set_node_id(number(node));
    message.set_cluster_id(number(cluster));
    record(RecordType::metadata, message.SerializeAsString());
}

void SegmentWriter::snapshot(const SnapshotRecord& snapshot) {
    proto::WalSnapshot message;
    message.set_index(snapshot.index);
    message.set_term(snapshot.term);
    if (snapshot.conf_state && line_ >= etcd::Line::v3_5) {
        to_message(line_, *snapshot.conf_state, *message.mutable_conf_state());
    }
    record(RecordType::snapshot, message.SerializeAsString());
}

void SegmentWriter::entry(const Entry& entry) {
    proto::Entry message;
    message.set_type(static_cast<std::uint64_t>(entry.type));
    message.set_term(entry.term);
    message.set_index(entry.index);
    if (!entry.data.empty()) message.set_data(std::string(entry.data));
    record(RecordType::entry, message.SerializeAsString());
}

void SegmentWriter::hard_state(const HardState& state) {
    proto::HardState message;
    message.set_term(state.term);
    message.set_vote(state.vote);
    message.set_commit(state.commit);
    record(RecordType::state, message.SerializeAsString());
}

/// Carries the chain's value over from the segment before: 0 in the first one. It is not fed
/// itself.
void SegmentWriter::crc_record() {
    proto::Record message;
    message.set_type(static_cast<std::int64_t>(RecordType::crc));
    message.set_crc(crc_);
    frame(message.SerializeAsString());
}

void SegmentWriter::record(RecordType type, Bytes data) {
    crc_ = crc32c(crc_, data);
    proto::Record message;
    message.set_type(static_cast<std::int64_t>(type));
    message.set_crc(crc_);
    message.set_data(std::string(data));
    frame(message.SerializeAsString());
}

void SegmentWriter::frame(Bytes record) {
    const auto field = length_field(record.size());
    const auto start = bytes_.size();
    bytes_.resize(start + length_field_size);
    store_le(bytes_.data() + start, field);
    bytes_ += record;
    bytes_.append(frame_length(field).padding, '\0');
}

std::string add_member_change(etcd::Line line, const etcd::Member& member) {
    proto::ConfChange message;
    if (line < etcd::Line::v3_7) message.set_id(0);
    message.set_type(0);  // raftpb.ConfChangeAddNode
    message.set_node_id(number(member.id));
    message.set_context(encode_member(member));
    return message.SerializeAsString();
}

}  // namespace salvor::wal
