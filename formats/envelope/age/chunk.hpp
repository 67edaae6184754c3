#pragma once

#include <cstdint>
#include <string>

#include "formats/base/bytes.hpp"

// The payload: chunks of 64 KiB, each sealed by itself. Source: C2SP age.md, "Payload"

namespace salvor::envelope::age {

constexpr std::size_t chunk_size = 64 << 10, tag_size = 16;
/// What stands before the chunks, and makes the payload's key another than any other file's.
constexpr std::size_t nonce_size = 16;

/// OFFSET SIZE FIELD
/// 0      11   number of the chunk, big-endian
/// 11     1    1: it is the last one
inline std::string chunk_nonce(std::uint64_t chunk, bool last) {
    std::string nonce(12, '\0');
    store_be<std::uint64_t>(nonce.data() + 3, chunk);
    nonce.back() = last ? '\x01' : '\0';
    return nonce;
}

}  // namespace salvor::envelope::age
