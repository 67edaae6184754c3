#pragma once

#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// What a value that kube-apiserver stored is, by its first bytes. FORMAT.md, "the stored value".
// Source: apimachinery pkg/runtime/serializer/{protobuf,json,cbor}

namespace salvor::kube {

inline constexpr Bytes protobuf_magic{"k8s\0", 4};
inline constexpr Bytes encrypted_magic = "k8s:enc:";

enum class Encoding { protobuf, json, cbor, encrypted, other };
Encoding encoding_of(Bytes value);

/// The envelope of a protobuf value, runtime.Unknown: what it says it is, and the object's own
/// message.
struct Envelope {
    Bytes api_version;
    Bytes kind;
    Bytes raw;
};
/// Errors: malformed.
Result<Envelope> open_envelope(Bytes value);

}  // namespace salvor::kube
