#pragma once

#include <array>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// What age is made of, over OpenSSL's EVP. Source: C2SP age.md

namespace salvor::envelope::age {

using Key = std::array<unsigned char, 32>;

inline Bytes view(const Key& key) {
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::string hmac_sha256(Bytes key, Bytes message);
/// 32 bytes of HKDF-SHA256; RFC 5869.
std::string hkdf(Bytes secret, Bytes salt, Bytes info);
/// nullopt where the result is all zero: the point is of low order. RFC 7748.
std::optional<std::string> x25519(Bytes scalar, Bytes point);
extern const std::string x25519_base_point;
/// nullopt: it was not sealed by this key and nonce. RFC 8439, with the tag of 16 bytes at the end.
std::optional<std::string> open_box(Bytes key, Bytes nonce, Bytes box);
/// What open_box opens.
std::string seal_box(Bytes key, Bytes nonce, Bytes plain);
/// N = 2^log_n, r = 8, p = 1; nullopt where there is no memory for it.
std::optional<std::string> scrypt(Bytes password, Bytes salt, unsigned log_n);
/// Error: io, where the system gives no randomness.
Result<std::string> random_bytes(std::size_t count);
/// Whether two are equal, in a time that does not tell where they differ.
bool equal_secrets(Bytes a, Bytes b);

/// Base64 without padding, canonical: no other text stands for the same bytes.
std::optional<std::string> decode_base64(Bytes text);
std::string encode_base64(Bytes bytes);

}  // namespace salvor::envelope::age
