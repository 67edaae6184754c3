#include "formats/etcd/key_value.hpp"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace salvor::etcd {
namespace {

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

void read_fields(Bytes bytes, KeyValue& kv) {
    using protozero::pbf_wire_type;
    using protozero::tag_and_type;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case tag_and_type(1, pbf_wire_type::length_delimited):
                kv.key = view(reader.get_view());
                break;
            case tag_and_type(2, pbf_wire_type::varint):
                kv.create_revision = reader.get_int64();
                break;
            case tag_and_type(3, pbf_wire_type::varint):
                kv.mod_revision = reader.get_int64();
                break;
            case tag_and_type(4, pbf_wire_type::varint): kv.version = reader.get_int64(); break;
            case tag_and_type(5, pbf_wire_type::length_delimited):
                kv.value = view(reader.get_view());
                break;
            case tag_and_type(6, pbf_wire_type::varint): kv.lease = reader.get_int64(); break;
            default:
                if (reader.tag() <= 6) throw protozero::unknown_pbf_wire_type_exception{};
                reader.skip();
        }
    }
}

/// Reads on from `at`; false where a varint or a length does not end before `end`, or has more than
/// nine bytes.
bool read_varint(const char*& at, const char* end, std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; at != end && shift < 63; shift += 7) {
        const auto byte = static_cast<unsigned char>(*at++);
        number |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

/// The six fields as etcd writes them: in their order, each once at most. False for any other way
/// to write them, and for what is flawed.
bool read_in_order(Bytes bytes, KeyValue& kv) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::uint64_t number = 0;
    const auto text = [&](char tag, Bytes& field) {
        if (at == end || *at != tag) return true;
        if (!read_varint(++at, end, number) || number > static_cast<std::uint64_t>(end - at))
            return false;
        field = Bytes(at, number);
        at += number;
        return true;
    };
    const auto count = [&](char tag, std::int64_t& field) {
        if (at == end || *at != tag) return true;
        if (!read_varint(++at, end, number)) return false;
        field = static_cast<std::int64_t>(number);
        return true;
    };
    return text(0x0A, kv.key) && count(0x10, kv.create_revision) && count(0x18, kv.mod_revision) &&
           count(0x20, kv.version) && text(0x2A, kv.value) && count(0x30, kv.lease) && at == end;
}

/// Whether a length is told by this one byte. Whether char has a sign differs from machine to
/// machine.
bool is_short(char length) {
    return static_cast<signed char>(length) >= 0;
}

}  // namespace

Result<KeyValue> parse_key_value(Bytes value) {
    KeyValue kv;
    if (read_in_order(value, kv)) return kv;
    kv = {};
    try {
        read_fields(value, kv);
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "mvccpb.KeyValue of {} bytes does not parse: {}",
                    value.size(), error.what());
    }
    return kv;
}

Result<Bytes> parse_key(Bytes value) {
    // Field 1, of a length below 128, stands first.
    constexpr char key_tag = 0x0A;
    constexpr std::size_t head = 2;
    if (value.size() > head && value[0] == key_tag && is_short(value[1])) {
        const auto size = static_cast<std::size_t>(value[1]);
        // Field 2 follows, so no second key does where etcd wrote it; a tombstone ends there.
        constexpr char create_revision_tag = 0x10;
        const auto end = head + size;
        if (value.size() == end || (value.size() > end && value[end] == create_revision_tag))
            return value.substr(head, size);
    }
    SALVOR_TRY(const auto whole, parse_key_value(value));
    return whole.key;
}

std::string encode_key_value(const KeyValue& kv) {
    std::string bytes;
    protozero::pbf_writer writer(bytes);
    if (!kv.key.empty()) writer.add_bytes(1, kv.key.data(), kv.key.size());
    if (kv.create_revision) writer.add_int64(2, kv.create_revision);
    if (kv.mod_revision) writer.add_int64(3, kv.mod_revision);
    if (kv.version) writer.add_int64(4, kv.version);
    if (!kv.value.empty()) writer.add_bytes(5, kv.value.data(), kv.value.size());
    if (kv.lease) writer.add_int64(6, kv.lease);
    return bytes;
}

}  // namespace salvor::etcd
