#include "formats/envelope/age/primitives.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>

#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::envelope::age {
namespace {

constexpr std::size_t tag_size = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using Key25519 = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;

constexpr Bytes alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

const std::string x25519_base_point = "\x09" + std::string(31, '\0');

std::string hmac_sha256(Bytes key, Bytes message) {
    std::string mac(32, '\0');
    ::HMAC(::EVP_sha256(), key.data() ? key.data() : "", static_cast<int>(key.size()),
           octets(message), message.size(), octets(mac), nullptr);
    return mac;
}

std::string hkdf(Bytes secret, Bytes salt, Bytes info) {
    const auto extracted = hmac_sha256(salt.empty() ? Bytes(std::string(32, '\0')) : salt, secret);
    return hmac_sha256(extracted, std::string(info) + '\x01');
}

std::optional<std::string> x25519(Bytes scalar, Bytes point) {
    const Key25519 mine(
        ::EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, octets(scalar), scalar.size()));
    const Key25519 theirs(
        ::EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, octets(point), point.size()));
    if (!mine || !theirs) return {};
    const KeyContext context(::EVP_PKEY_CTX_new(mine.get(), nullptr));
    std::string shared(32, '\0');
    std::size_t size = shared.size();
    if (!context || ::EVP_PKEY_derive_init(context.get()) != 1 ||
        ::EVP_PKEY_derive_set_peer_ex(context.get(), theirs.get(), 0) != 1 ||
        ::EVP_PKEY_derive(context.get(), octets(shared), &size) != 1)
        return {};
    return shared.find_first_not_of('\0') == std::string::npos ? std::nullopt
                                                               : std::optional(shared);
}

std::optional<std::string> open_box(Bytes key, Bytes nonce, Bytes box) {
    if (box.size() < tag_size) return {};
    const auto sealed = box.substr(0, box.size() - tag_size);
    std::string tag(box.substr(sealed.size()));
    const Cipher context(::EVP_CIPHER_CTX_new());
    std::string plain(sealed.size() + 1, '\0');
    int size = 0, rest = 0;
    if (::EVP_DecryptInit_ex(context.get(), ::EVP_chacha20_poly1305(), nullptr, octets(key),
                             octets(nonce)) != 1 ||
        ::EVP_DecryptUpdate(context.get(), octets(plain), &size, octets(sealed),
                            static_cast<int>(sealed.size())) != 1 ||
        ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) != 1 ||
        ::EVP_DecryptFinal_ex(context.get(), octets(plain) + size, &rest) != 1)
        return {};
    plain.resize(sealed.size());
    return plain;
}

std::string seal_box(Bytes key, Bytes nonce, Bytes plain) {
    const Cipher context(::EVP_CIPHER_CTX_new());
    std::string box(plain.size() + tag_size, '\0');
    int size = 0, rest = 0;
    ::EVP_EncryptInit_ex(context.get(), ::EVP_chacha20_poly1305(), nullptr, octets(key),
                         octets(nonce));
    ::EVP_EncryptUpdate(context.get(), octets(box), &size, octets(plain),
                        static_cast<int>(plain.size()));
    ::EVP_EncryptFinal_ex(context.get(), octets(box) + size, &rest);
    ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                          box.data() + plain.size());
    return box;
}

std::optional<std::string> scrypt(Bytes password, Bytes salt, unsigned log_n) {
    constexpr std::uint64_t r = 8, p = 1, slack = 1 << 20;
    const auto n = std::uint64_t{1} << log_n;
    std::string key(32, '\0');
    const int made = ::EVP_PBE_scrypt(password.data(), password.size(), octets(salt), salt.size(),
                                      n, r, p, n * 128 * r + slack, octets(key), key.size());
    return made == 1 ? std::optional(key) : std::nullopt;
}

Result<std::string> random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (::RAND_bytes(octets(bytes), static_cast<int>(count)) == 1) return bytes;
    return fail(ErrorCode::io, "the system gives no random bytes to make a key of");
}

bool equal_secrets(Bytes a, Bytes b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<std::string> decode_base64(Bytes text) {
    if (text.size() % 4 == 1) return {};
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char letter : text) {
        const auto value = alphabet.find(letter);
        if (value == Bytes::npos) return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) bytes.push_back(static_cast<char>(bits >> (held -= 8)));
    }
    // Left-over bits that are not zero would be a second text for the same bytes.
    if ((bits & ((1u << held) - 1)) != 0) return {};
    return bytes;
}

std::string encode_base64(Bytes bytes) {
    std::string text;
    text::append_base64(text, bytes);
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

}  // namespace salvor::envelope::age
