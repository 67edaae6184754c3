#pragma once

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

// CBOR as kube-apiserver stores custom resources with CBORServingAndStorage on.
// Source: apimachinery pkg/runtime/serializer/cbor/internal/modes; RFC 8949

namespace salvor::kube {

/// Tag 55799, "self-described", stands before every stored CBOR value.
inline constexpr Bytes cbor_magic{"\xd9\xd9\xf7", 3};
inline bool is_cbor(Bytes bytes) {
    return bytes.substr(0, cbor_magic.size()) == cbor_magic;
}

/// Byte strings are strings, as the server writes them; within tag 22 they become base64, within 21
/// base64url, within 23 hex; tags 0 and 1 are times. Errors: malformed (with the offset), too_large
/// (deeper than max_value_depth).
Result<Value> parse_cbor(Bytes bytes, Document& document);

}  // namespace salvor::kube
