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

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::uint32_t crc, const char* at,
                                                                std::size_t size) {
    std::uint64_t wide = crc;
    for (; size >= 8; at += 8, size -= 8) wide = _mm_crc32_u64(wide, load_le<std::uint64_t>(at));
    crc = static_cast<std::uint32_t>(wide);
    for (; size > 0; ++at, --size) crc = _mm_crc32_u8(crc, static_cast<unsigned char>(*at));
    return crc;
}
bool has_crc_instruction() { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__)
__attribute__((target("+crc"))) std::uint32_t crc32c_hardware(std::uint32_t crc, const char* at,
                                                              std::size_t size) {
    for (; size >= 8; at += 8, size -= 8) crc = __crc32cd(crc, load_le<std::uint64_t>(at));
    for (; size > 0; ++at, --size) crc = __crc32cb(crc, static_cast<unsigned char>(*at));
    return crc;
}
bool has_crc_instruction() { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#else
std::uint32_t crc32c_hardware(std::uint32_t crc, const char* at, std::size_t size) {
    return crc32c_table(crc, at, size);
}
bool has_crc_instruction() { return false; }
#endif

const bool crc_instruction = has_crc_instruction();

EVP_MD_CTX* context(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

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

std::uint64_t fnv1a_64(Bytes bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3;
    }
    return hash;
}

Sha256Digest sha256(Bytes bytes) { return digest_of<Sha256Digest>(EVP_sha256(), bytes); }
Sha1Digest sha1(Bytes bytes) { return digest_of<Sha1Digest>(EVP_sha1(), bytes); }

void Sha256::Free::operator()(void* pointer) const { EVP_MD_CTX_free(context(pointer)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context(context_.get()), EVP_sha256(), nullptr);
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
