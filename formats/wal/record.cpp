#include "formats/wal/record.hpp"

#include <protozero/pbf_reader.hpp>

#include "formats/etcd/conf_state_message.hpp"

namespace salvor::wal {
namespace {

constexpr auto bytes_type = protozero::pbf_wire_type::length_delimited;
constexpr auto varint_type = protozero::pbf_wire_type::varint;
using protozero::tag_and_type;

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

/// Hands each field to `take`, which says whether it knew it. A field of a known number and another
/// type is malformed, as it is for etcd's generated readers; unknown numbers are skipped.
template <class Take>
Result<void> each_field(const char* message, Bytes bytes, std::uint32_t highest, Take take) {
    try {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (take(reader)) continue;
            if (reader.tag() <= highest) throw protozero::unknown_pbf_wire_type_exception{};
            reader.skip();
        }
        return {};
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "{} of {} bytes does not parse: {}", message,
                    bytes.size(), error.what());
    }
}

}  // namespace

Frame frame_at(Bytes segment, std::uint64_t offset) {
    const auto left = segment.size() - offset;
    if (left == 0) return {Frame::Kind::end, 0, {}, {}};
    if (left < length_field_size) return {Frame::Kind::cut, length_field_size, {}, {}};
    const auto field = load_le<std::uint64_t>(segment.data() + offset);
    if (field == 0) return {Frame::Kind::end, 0, {}, {}};
    const auto length = frame_length(field);
    const auto needed = length_field_size + length.record + length.padding;
    if (needed > left) return {Frame::Kind::cut, needed, {}, {}};
    const auto body = segment.substr(offset + length_field_size, length.record + length.padding);
    return {Frame::Kind::record, needed, body.substr(0, length.record), body};
}

bool looks_torn(Bytes body, std::uint64_t offset_in_file) {
    while (!body.empty()) {
        const auto piece = body.substr(0, sector_size - offset_in_file % sector_size);
        if (piece.find_first_not_of('\0') == Bytes::npos) return true;
        offset_in_file += piece.size();
        body.remove_prefix(piece.size());
    }
    return false;
}

Result<Record> parse_record(Bytes bytes) {
    Record record;
    SALVOR_CHECK(each_field("walpb.Record", bytes, 3, [&](protozero::pbf_reader& field) {
        switch (field.tag_and_type()) {
            case tag_and_type(1, varint_type): record.type = RecordType{field.get_int64()}; break;
            case tag_and_type(2, varint_type): record.crc = field.get_uint32(); break;
            case tag_and_type(3, bytes_type): record.data = view(field.get_view()); break;
            default: return false;
        }
        return true;
    }));
    return record;
}

Result<Entry> parse_entry(Bytes data) {
    Entry entry{};
    std::int32_t type = 0;
    SALVOR_CHECK(each_field("raftpb.Entry", data, 4, [&](protozero::pbf_reader& field) {
        switch (field.tag_and_type()) {
            case tag_and_type(1, varint_type): type = field.get_enum(); break;
            case tag_and_type(2, varint_type): entry.term = field.get_uint64(); break;
            case tag_and_type(3, varint_type): entry.index = field.get_uint64(); break;
            case tag_and_type(4, bytes_type): entry.data = view(field.get_view()); break;
            default: return false;
        }
        return true;
    }));
    if (type < 0 || type > static_cast<std::int32_t>(Entry::Type::conf_change_v2)) {
        return fail(ErrorCode::malformed, "raftpb.Entry {} has the unknown type {}", entry.index,
                    type);
    }
    entry.type = static_cast<Entry::Type>(type);
    return entry;
}

Result<HardState> parse_hard_state(Bytes data) {
    HardState state;
    SALVOR_CHECK(each_field("raftpb.HardState", data, 3, [&](protozero::pbf_reader& field) {
        switch (field.tag_and_type()) {
            case tag_and_type(1, varint_type): state.term = field.get_uint64(); break;
            case tag_and_type(2, varint_type): state.vote = field.get_uint64(); break;
            case tag_and_type(3, varint_type): state.commit = field.get_uint64(); break;
            default: return false;
        }
        return true;
    }));
    return state;
}

Result<SnapshotRecord> parse_snapshot(Bytes data) {
    SnapshotRecord snapshot;
    std::optional<Bytes> conf_state;
    SALVOR_CHECK(each_field("walpb.Snapshot", data, 3, [&](protozero::pbf_reader& field) {
        switch (field.tag_and_type()) {
            case tag_and_type(1, varint_type): snapshot.index = field.get_uint64(); break;
            case tag_and_type(2, varint_type): snapshot.term = field.get_uint64(); break;
            case tag_and_type(3, bytes_type): conf_state = view(field.get_view()); break;
            default: return false;
        }
        return true;
    }));
    if (conf_state) {
        SALVOR_TRY(snapshot.conf_state, etcd::parse_conf_state_message(*conf_state));
    }
    return snapshot;
}

Result<Metadata> parse_metadata(Bytes data) {
    Metadata metadata;
    SALVOR_CHECK(each_field("etcdserverpb.Metadata", data, 2, [&](protozero::pbf_reader& field) {
        switch (field.tag_and_type()) {
            case tag_and_type(1, varint_type):
                metadata.node = etcd::MemberId{field.get_uint64()};
                break;
            case tag_and_type(2, varint_type):
                metadata.cluster = etcd::ClusterId{field.get_uint64()};
                break;
            default: return false;
        }
        return true;
    }));
    return metadata;
}

}  // namespace salvor::wal
