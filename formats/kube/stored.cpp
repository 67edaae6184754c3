#include "formats/kube/stored.hpp"

#include <protozero/pbf_reader.hpp>

#include "formats/kube/cbor.hpp"

namespace salvor::kube {
namespace {

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

void read_type(protozero::pbf_reader type, Envelope& envelope) {
    while (type.next()) {
        if (type.tag() == 1) {
            envelope.api_version = view(type.get_view());
        } else if (type.tag() == 2) {
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
            if (reader.tag() == 1) {
                read_type(reader.get_message(), envelope);
            } else if (reader.tag() == 2) {
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
