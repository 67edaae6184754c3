#include "formats/base/checksum.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

namespace {

/// Bit by bit, as the polynomial defines it.
std::uint32_t crc_by_definition(std::uint32_t crc, Bytes bytes) {
    crc = ~crc;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78 : 0);
    }
    return ~crc;
}

std::string counting(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8));
    return bytes;
}

}  // namespace

TEST_CASE("CRC32C gives the known answers, with and without the processor's instructions") {
    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    std::string ascending, descending;
    for (char i = 0; i < 32; ++i) {
        ascending += i;
        descending += static_cast<char>(31 - i);
    }
    for (const auto crc : {crc32c, crc32c_portable}) {
        CHECK(crc(0, "") == 0);
        CHECK(crc(0, "123456789") == 0xE3069283);
        CHECK(crc(0, std::string(32, '\0')) == 0x8A9136AA);
        CHECK(crc(0, std::string(32, '\xff')) == 0x62A8AB43);
        CHECK(crc(0, ascending) == 0x46DD794E);
        CHECK(crc(0, descending) == 0x113FDB5C);
    }
}

TEST_CASE("CRC32C of any length and alignment is that of the definition") {
    const auto bytes = counting(70'000);
    for (std::size_t size :
         {1, 7, 8, 9, 63, 64, 255, 1000, 4095, 8191, 8192, 8193, 24'577, 65'000}) {
        for (std::size_t start : {0, 1, 3, 8}) {
            const auto part = Bytes(bytes).substr(start, size);
            const auto expected = crc_by_definition(0x1234'5678, part);
            CHECK(crc32c(0x1234'5678, part) == expected);
            CHECK(crc32c_portable(0x1234'5678, part) == expected);
        }
    }
}

TEST_CASE("CRC32C goes on where it stopped, and two CRCs combine") {
    const auto bytes = counting(30'000);
    const auto whole = crc32c(0, bytes);
    for (std::size_t cut : {0, 1, 4096, 29'999, 30'000}) {
        const auto a = Bytes(bytes).substr(0, cut);
        const auto b = Bytes(bytes).substr(cut);
        CHECK(crc32c(crc32c(0, a), b) == whole);
        CHECK(crc32c_combine(crc32c(0, a), crc32c(0, b), b.size()) == whole);
    }
}

TEST_CASE("FNV-1a gives the known answers, a bbolt meta's checksum among them") {
    CHECK(fnv1a_64("") == 0xCBF29CE484222325);
    CHECK(fnv1a_64("a") == 0xAF63DC4C8601EC8C);
    const char meta[] =
        "\xed\xda\x0c\xed\x02\0\0\0\0\x10\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\xff\xff\xff\xff\xff\xff\xff\xff\x05\0\0\0\0\0\0\0\x13\0\0\0\0\0\0\0";
    CHECK(fnv1a_64(Bytes(meta, 56)) == 0xE7093F6CD6A1EE16);
}

TEST_CASE("SHA-256 over pieces is SHA-256 over the whole") {
    // FIPS 180-2, appendix B.
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    Sha256 pieces;
    for (const char* piece : {"a", "", "bc"}) pieces.update(piece);
    CHECK(pieces.finish() == sha256("abc"));
}
