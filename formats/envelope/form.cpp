#include "formats/envelope/form.hpp"

#include <algorithm>
#include <array>

namespace salvor::envelope {
namespace {

struct Start {
    Bytes bytes;
    Form form;
};

// Sources: RFC 1952, RFC 8878 (a skippable frame may come first), xz-file-format 2.1.1.1, bzip2's
// block magic behind its level, the LZ4 frame format 1.6.x, APPNOTE.TXT 4.3.7 and 4.3.16 (an empty
// archive), 7zFormat.txt, age.md, RFC 4880 6.2, openssl-enc(1) (and its base64)
constexpr std::array starts{
    Start{"\x1f\x8b", Form::gzip},
    Start{"\x28\xb5\x2f\xfd", Form::zstd},
    Start{Bytes("\xfd\x37zXZ\0", 6), Form::xz},
    Start{"\x04\x22\x4d\x18", Form::lz4},
    Start{"PK\x03\x04", Form::zip},
    Start{"PK\x05\x06", Form::zip},
    Start{"7z\xbc\xaf\x27\x1c", Form::seven_zip},
    Start{"age-encryption.org/", Form::age},
    Start{"-----BEGIN PGP MESSAGE-----", Form::openpgp},
    Start{"Salted__", Form::openssl_enc},
    Start{"U2FsdGVkX1", Form::openssl_enc},
};

constexpr Bytes armor_start = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr Bytes white = " \t\r\n";

bool is_bzip2(Bytes head) {
    constexpr Bytes block = "\x31\x41\x59\x26\x53\x59", no_block = "\x17\x72\x45\x38\x50\x90";
    if (!head.starts_with("BZh") || head.size() < 4 || head[3] < '1' || head[3] > '9') return false;
    const auto rest = head.substr(4, block.size());
    return block.starts_with(rest) || no_block.starts_with(rest);
}

/// A deflate stream with a window of 32 KiB, as everybody writes it; RFC 1950 2.2.
bool is_zlib(Bytes head) {
    if (head.size() < 2 || head[0] != 0x78) return false;
    const auto second = static_cast<unsigned char>(head[1]);
    return (0x78 * 256 + second) % 31 == 0 && (second & 0x20) == 0;
}

/// Its first header's magic; POSIX ustar, and GNU's with a blank behind it.
bool is_tar(Bytes head) {
    constexpr std::size_t magic_at = 257;
    return head.size() >= magic_at && head.substr(magic_at).starts_with("ustar");
}

bool is_skippable_zstd(Bytes head) {
    return head.size() >= 4 && (load_le<std::uint32_t>(head.data()) & 0xfffffff0) == 0x184d2a50;
}

/// A packet with a session key, encrypted for a public key (version 3) or by a passphrase (4),
/// which is what stands before encrypted data. Old and new packet headers; RFC 4880 4.2, 5.1, 5.3.
bool is_openpgp(Bytes head) {
    if (head.size() < 4) return false;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
    switch (at(0)) {
        case 0x84: return at(2) == 3;
        case 0x85: return at(3) == 3;
        case 0xc1: return at(1) < 192 ? at(2) == 3 : at(3) == 3;
        case 0x8c: return at(2) == 4 && at(1) < 64;
        case 0xc3: return at(2) == 4 && at(1) < 64;
        default: return false;
    }
}

}  // namespace

Form form_of(Bytes head) {
    for (const auto& start : starts) {
        if (head.starts_with(start.bytes)) return start.form;
    }
    const auto text = head.find_first_not_of(white);
    if (text != Bytes::npos && head.substr(text).starts_with(armor_start)) return Form::age_armored;
    if (is_bzip2(head)) return Form::bzip2;
    if (is_tar(head)) return Form::tar;
    if (is_skippable_zstd(head)) return Form::zstd;
    if (is_zlib(head)) return Form::zlib;
    if (is_openpgp(head)) return Form::openpgp;
    return Form::plain;
}

const char* name(Form form) {
    switch (form) {
        case Form::plain: return "plain";
        case Form::gzip: return "gzip";
        case Form::zlib: return "zlib";
        case Form::zstd: return "zstd";
        case Form::xz: return "xz";
        case Form::bzip2: return "bzip2";
        case Form::lz4: return "lz4";
        case Form::zip: return "zip";
        case Form::tar: return "tar";
        case Form::age: return "age";
        case Form::age_armored: return "armored age";
        case Form::seven_zip: return "7-Zip";
        case Form::openpgp: return "OpenPGP";
        case Form::openssl_enc: return "openssl enc";
    }
    return "unknown";
}

const char* command_that_peels(Form form) {
    switch (form) {
        case Form::seven_zip: return "7z x -so FILE > OUT";
        case Form::openpgp: return "gpg --decrypt FILE > OUT";
        case Form::openssl_enc:
            return "openssl enc -d -aes-256-cbc -pbkdf2 -in FILE -out OUT (with the cipher and the "
                   "key derivation that it was made with, -a for base64)";
        default: return nullptr;
    }
}

}  // namespace salvor::envelope
