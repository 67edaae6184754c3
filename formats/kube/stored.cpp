#include "formats/kube/stored.hpp"

#include <protozero/pbf_reader.hpp>

#include "formats/kube/cbor.hpp"

namespace salvor::kube {
namespace {

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

bool is_bytes(const protozero::pbf_reader& reader, protozero::pbf_tag_type number) {
    return reader.tag() == number &&
           reader.wire_type() == protozero::pbf_wire_type::length_delimited;
}

void read_type(protozero::pbf_reader type, Envelope& envelope) {
    while (type.next()) {
        if (is_bytes(type, 1)) {
            envelope.api_version = view(type.get_view());
        } else if (is_bytes(type, 2)) {
            envelope.kind = view(type.get_view());
        } else {
            type.skip();
        }
    }
}

}  // namespace

Encoding encoding_of(Bytes value) {
    if (value.starts_with(encrypted_magic)) return Encoding::encrypted;
    if (value.starts_with(protobuf_magic)) return Encoding::protobuf;
    if (is_cbor(value)) return Encoding::cbor;
    const auto first = value.find_first_not_of(" \t\r\n");
    return first != Bytes::npos && value[first] == '{' ? Encoding::json : Encoding::other;
}

Result<Envelope> open_envelope(Bytes value) {
    Envelope envelope;
    bool has_raw = false;
    try {
        const Bytes body = value.substr(protobuf_magic.size());
        protozero::pbf_reader reader(body.data(), body.size());
        while (reader.next()) {
            if (is_bytes(reader, 1)) {
                read_type(reader.get_message(), envelope);
            } else if (is_bytes(reader, 2)) {
                envelope.raw = view(reader.get_view());
                has_raw = true;
            } else {
                reader.skip();
            }
        }
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "the envelope of a value of {} bytes does not parse: {}",
                    value.size(), error.what());
    }
    if (envelope.api_version.empty() || envelope.kind.empty()) {
        return fail(ErrorCode::malformed, "the envelope of a value of {} bytes names no {}",
                    value.size(), envelope.kind.empty() ? "kind" : "apiVersion");
    }
    if (!has_raw)
        return fail(ErrorCode::malformed, "the envelope of a value of {} bytes holds no object",
                    value.size());
    return envelope;
}

}  // namespace salvor::kube
