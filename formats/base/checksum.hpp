#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor {

/// CRC-32/Castagnoli continued over `bytes`; start with 0. As hash/crc32 of Go with the Castagnoli
/// table.
std::uint32_t crc32c(std::uint32_t crc, Bytes bytes);
/// The CRC of A followed by B, from the CRC of A, the CRC of B (started with 0) and the size of B:
/// parts may be computed in any order, on any core.
std::uint32_t crc32c_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t size_b);
/// The same as crc32c without the processor's instructions; for tests.
std::uint32_t crc32c_portable(std::uint32_t crc, Bytes bytes);

/// FNV-1a, 64 bits: bbolt's meta checksum.
std::uint64_t fnv1a_64(Bytes bytes);

using Sha256Digest = std::array<unsigned char, 32>;
using Sha1Digest = std::array<unsigned char, 20>;
Sha256Digest sha256(Bytes bytes);
Sha1Digest sha1(Bytes bytes);

/// SHA-256 over pieces.
class Sha256 {
 public:
    Sha256();
    void update(Bytes bytes);
    Sha256Digest finish();

 private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;
};

/// Lower-case hex.
std::string hex(Bytes bytes);
template <std::size_t N>
std::string hex(const std::array<unsigned char, N>& digest) {
    return hex(Bytes(reinterpret_cast<const char*>(digest.data()), N));
}

}  // namespace salvor
