#include "formats/base/checksum.hpp"

#include <openssl/evp.h>

#include <cassert>
#include <string>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace salvor {
namespace {

constexpr std::uint32_t castagnoli = 0x82F63B78;  // reflected

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Table make_table() {
    Table table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? castagnoli : 0);
        table[0][i] = crc;
    }
    for (std::size_t slice = 1; slice < 8; ++slice) {
        for (std::size_t i = 0; i < 256; ++i) {
            const auto before = table[slice - 1][i];
            table[slice][i] = (before >> 8) ^ table[0][before & 0xFF];
        }
    }
    return table;
}
constexpr Table table = make_table();

std::uint32_t crc32c_table(std::uint32_t crc, const char* at, std::size_t size) {
    for (; size >= 8; at += 8, size -= 8) {
        const auto word = load_le<std::uint64_t>(at) ^ crc;
        crc = 0;
        for (std::size_t i = 0; i < 8; ++i) crc ^= table[7 - i][(word >> (8 * i)) & 0xFF];
    }
    for (; size > 0; ++at, --size) {
        crc = (crc >> 8) ^ table[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFF];
    }
    return crc;
}

// A CRC register is a polynomial over GF(2), bit 31 the coefficient of x^0 (reflected). The product
// modulo the CRC's own polynomial lets a register run over zero bytes without reading them.
constexpr std::uint32_t one = 0x80000000;  // x^0

constexpr std::uint32_t product(std::uint32_t a, std::uint32_t b) {
    std::uint32_t sum = 0;
    for (std::uint32_t bit = one; bit != 0; bit >>= 1) {
        if (a & bit) sum ^= b;
        b = (b >> 1) ^ (b & 1 ? castagnoli : 0);
    }
    return sum;
}

/// x^(8 * 2^i): one register's move over 2^i bytes.
constexpr std::array<std::uint32_t, 64> make_moves() {
    std::array<std::uint32_t, 64> moves{};
    std::uint32_t power = one >> 8;
    for (auto& move : moves) {
        move = power;
        power = product(power, power);
    }
    return moves;
}
constexpr auto moves = make_moves();

constexpr std::uint32_t move_over(std::uint64_t zero_bytes) {
    std::uint32_t power = one;
    for (std::size_t i = 0; zero_bytes != 0; zero_bytes >>= 1, ++i) {
        if (zero_bytes & 1) power = product(power, moves[i]);
    }
    return power;
}

// The CRC instruction takes three cycles and a new one can start in each: three streams side by
// side keep it busy. A block is three lanes; their registers are joined by a move over a lane, from
// a table.
constexpr std::size_t lane = 256;
using Move = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr Move make_lane_move() {
    Move table_of_move{};
    const std::uint32_t power = move_over(lane);
    for (std::size_t part = 0; part < 4; ++part) {
        for (std::uint32_t i = 0; i < 256; ++i) {
            table_of_move[part][i] = product(power, i << (8 * part));
        }
    }
    return table_of_move;
}
constexpr Move lane_move = make_lane_move();

inline std::uint32_t move_over_lane(std::uint32_t crc) {
    return lane_move[0][crc & 0xFF] ^ lane_move[1][(crc >> 8) & 0xFF] ^
           lane_move[2][(crc >> 16) & 0xFF] ^ lane_move[3][crc >> 24];
}

#if defined(__x86_64__)
#define SALVOR_CRC_TARGET __attribute__((target("sse4.2")))
using CrcRegister = std::uint64_t;
SALVOR_CRC_TARGET inline CrcRegister step(CrcRegister crc, std::uint64_t word) {
    return _mm_crc32_u64(crc, word);
}
SALVOR_CRC_TARGET inline std::uint32_t step_byte(std::uint32_t crc, char byte) {
    return _mm_crc32_u8(crc, static_cast<unsigned char>(byte));
}
bool has_crc_instruction() {
    return __builtin_cpu_supports("sse4.2") != 0;
}
#elif defined(__aarch64__)
#define SALVOR_CRC_TARGET __attribute__((target("+crc")))
using CrcRegister = std::uint32_t;
SALVOR_CRC_TARGET inline CrcRegister step(CrcRegister crc, std::uint64_t word) {
    return __crc32cd(crc, word);
}
SALVOR_CRC_TARGET inline std::uint32_t step_byte(std::uint32_t crc, char byte) {
    return __crc32cb(crc, static_cast<unsigned char>(byte));
}
bool has_crc_instruction() {
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
}
#endif

#ifdef SALVOR_CRC_TARGET
SALVOR_CRC_TARGET std::uint32_t crc32c_hardware(std::uint32_t crc, const char* at,
                                                std::size_t size) {
    for (; size >= 3 * lane; at += 3 * lane, size -= 3 * lane) {
        CrcRegister first = crc, second = 0, third = 0;
        for (std::size_t i = 0; i < lane; i += 8) {
            first = step(first, load_le<std::uint64_t>(at + i));
            second = step(second, load_le<std::uint64_t>(at + lane + i));
            third = step(third, load_le<std::uint64_t>(at + 2 * lane + i));
        }
        crc =
            move_over_lane(static_cast<std::uint32_t>(first)) ^ static_cast<std::uint32_t>(second);
        crc = move_over_lane(crc) ^ static_cast<std::uint32_t>(third);
    }
    CrcRegister wide = crc;
    for (; size >= 8; at += 8, size -= 8) wide = step(wide, load_le<std::uint64_t>(at));
    crc = static_cast<std::uint32_t>(wide);
    for (; size > 0; ++at, --size) crc = step_byte(crc, *at);
    return crc;
}
#else
std::uint32_t crc32c_hardware(std::uint32_t crc, const char* at, std::size_t size) {
    return crc32c_table(crc, at, size);
}
bool has_crc_instruction() {
    return false;
}
#endif

const bool crc_instruction = has_crc_instruction();

EVP_MD_CTX* context(void* pointer) {
    return static_cast<EVP_MD_CTX*>(pointer);
}

/// Looked for once: EVP_sha256() is looked for anew, under a lock, wherever it is used.
const EVP_MD* sha256_kind() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched ? fetched : EVP_sha256();
}

template <class Digest>
Digest digest_of(const EVP_MD* kind, Bytes bytes) {
    Digest digest;
    unsigned size = 0;
    [[maybe_unused]] const int ok =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr);
    assert(ok == 1 && size == digest.size());
    return digest;
}

}  // namespace

std::uint32_t crc32c(std::uint32_t crc, Bytes bytes) {
    crc = ~crc;
    crc = crc_instruction ? crc32c_hardware(crc, bytes.data(), bytes.size())
                          : crc32c_table(crc, bytes.data(), bytes.size());
    return ~crc;
}

std::uint32_t crc32c_portable(std::uint32_t crc, Bytes bytes) {
    return ~crc32c_table(~crc, bytes.data(), bytes.size());
}

std::uint32_t crc32c_combine(std::uint32_t crc_a, std::uint32_t crc_b, std::uint64_t size_b) {
    return product(move_over(size_b), crc_a) ^ crc_b;
}

std::uint64_t fnv1a_64(Bytes bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3;
    }
    return hash;
}

Sha256Digest sha256(Bytes bytes) {
    return digest_of<Sha256Digest>(sha256_kind(), bytes);
}
Sha1Digest sha1(Bytes bytes) {
    return digest_of<Sha1Digest>(EVP_sha1(), bytes);
}

void Sha256::Free::operator()(void* pointer) const {
    EVP_MD_CTX_free(context(pointer));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context(context_.get()), sha256_kind(), nullptr);
}
void Sha256::update(Bytes bytes) {
    EVP_DigestUpdate(context(context_.get()), bytes.data(), bytes.size());
}
Sha256Digest Sha256::finish() {
    Sha256Digest digest;
    EVP_DigestFinal_ex(context(context_.get()), digest.data(), nullptr);
    return digest;
}

std::string hex(Bytes bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace salvor
