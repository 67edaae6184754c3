#include "core/snapshot/packing.hpp"

#include <array>

namespace salvor {
namespace {

// Sources: RFC 1952, RFC 8878, xz-file-format 2.1.1.1, bzip2's block magic behind its level, the
// LZ4 frame format 1.6.x, APPNOTE.TXT 4.3.7, 7zFormat.txt, age.md "age-encryption.org/v1"
constexpr std::array packings{
    Packing{"\x1f\x8b", "gzip"},
    Packing{"\x28\xb5\x2f\xfd", "zstd"},
    Packing{Bytes("\xfd\x37zXZ\0", 6), "xz"},
    Packing{"BZh", "bzip2"},
    Packing{"\x04\x22\x4d\x18", "lz4"},
    Packing{"PK\x03\x04", "zip"},
    Packing{"7z\xbc\xaf\x27\x1c", "7-Zip"},
    Packing{"age-encryption.org/v1\n", "age, encrypted", "decrypt"},
    Packing{"-----BEGIN AGE ENCRYPTED FILE-----", "age, encrypted", "decrypt"},
};

constexpr Packing tar{"", "tar"};
// Of its first header, POSIX ustar.
constexpr std::size_t tar_magic_at = 257;
constexpr Bytes tar_magic = "ustar";

}  // namespace

std::optional<Packing> packing_of(Bytes file) {
    for (const auto& packing : packings) {
        if (file.starts_with(packing.start)) return packing;
    }
    if (file.size() >= tar_magic_at && file.substr(tar_magic_at).starts_with(tar_magic)) return tar;
    return {};
}

}  // namespace salvor
