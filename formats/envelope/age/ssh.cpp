#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "formats/base/checksum.hpp"
#include "formats/base/cursor.hpp"
#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"

// Keys of ssh as recipients of age. Sources: age agessh/agessh.go, OpenSSH's PROTOCOL.key

namespace salvor::envelope::age {
namespace {

using PublicKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;

constexpr Bytes ed25519_type = "ssh-ed25519", rsa_type = "ssh-rsa";

std::string framed(Bytes bytes) {
    std::string out(4, '\0');
    store_be<std::uint32_t>(out.data(), static_cast<std::uint32_t>(bytes.size()));
    return out.append(bytes);
}

/// Of the public key as ssh writes it: the first four bytes of its SHA-256, by which a stanza names
/// it.
std::string tag_of(Bytes public_key) {
    constexpr std::size_t tag_size = 4;
    const auto digest = sha256(public_key);
    return encode_base64({reinterpret_cast<const char*>(digest.data()), tag_size});
}

class Ed25519 final : public Identity {
 public:
    explicit Ed25519(Bytes seed, Bytes public_key)
        : public_key_(framed(ed25519_type) + framed(public_key)) {
        std::string digest(64, '\0');
        unsigned size = 0;
        ::EVP_Digest(seed.data(), seed.size(), reinterpret_cast<unsigned char*>(digest.data()),
                     &size, ::EVP_sha512(), nullptr);
        scalar_ = digest.substr(0, 32);
        share_ = x25519(scalar_, x25519_base_point).value_or("");
        tweak_ = hkdf("", public_key_, "age-encryption.org/v1/ssh-ed25519");
    }

    Result<std::string> unwrap(const Stanza& stanza) const override {
        if (stanza.type != ed25519_type) return std::string();
        if (stanza.arguments.size() != 2)
            return fail(ErrorCode::malformed, "age header: an ssh-ed25519 recipient lacks its key");
        if (stanza.arguments[0] != tag_of(public_key_)) return std::string();
        const auto theirs = decode_base64(stanza.arguments[1]);
        auto shared = theirs && theirs->size() == 32 ? x25519(scalar_, *theirs) : std::nullopt;
        if (shared) shared = x25519(tweak_, *shared);
        if (!shared) {
            return fail(ErrorCode::malformed, "age header: an ssh-ed25519 recipient has no point");
        }
        return open_file_key(hkdf(*shared, *theirs + share_, "age-encryption.org/v1/ssh-ed25519"),
                             stanza);
    }

 private:
    std::string public_key_, scalar_, share_, tweak_;
};

std::string number_of(const BIGNUM* number) {
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    ::BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    // An mpint whose first bit is set has a zero before it.
    if (!bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0x80)) bytes.insert(0, 1, '\0');
    return bytes;
}

class Rsa final : public Identity {
 public:
    explicit Rsa(PublicKey key) : key_(std::move(key)) {
        BIGNUM *n = nullptr, *e = nullptr;
        ::EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &n);
        ::EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_E, &e);
        const Number modulus(n), exponent(e);
        if (n && e) tag_ = tag_of(framed(rsa_type) + framed(number_of(e)) + framed(number_of(n)));
    }

    Result<std::string> unwrap(const Stanza& stanza) const override {
        if (stanza.type != rsa_type) return std::string();
        if (stanza.arguments.size() != 1)
            return fail(ErrorCode::malformed, "age header: an ssh-rsa recipient lacks its key");
        if (stanza.arguments[0] != tag_) return std::string();
        auto key = decrypted(stanza.body);
        if (key.size() != file_key_size)
            return fail(ErrorCode::malformed, "age header: an ssh-rsa recipient holds no file key");
        return key;
    }

 private:
    std::string decrypted(Bytes body) const {
        const std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(
            ::EVP_PKEY_CTX_new(key_.get(), nullptr));
        std::string label = "age-encryption.org/v1/ssh-rsa";
        OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST,
                                             const_cast<char*>("SHA256"), 0),
            OSSL_PARAM_construct_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, label.data(),
                                              label.size()),
            OSSL_PARAM_construct_end()};
        std::string plain(static_cast<std::size_t>(::EVP_PKEY_get_size(key_.get())), '\0');
        std::size_t size = plain.size();
        if (::EVP_PKEY_decrypt_init(context.get()) != 1 ||
            ::EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
            ::EVP_PKEY_CTX_set_params(context.get(), parameters) != 1 ||
            ::EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size,
                               octets(body), body.size()) != 1)
            return {};
        plain.resize(size);
        return plain;
    }

    PublicKey key_;
    std::string tag_;
};

/// RFC 4251 5: strings and mpints, each behind its length.
class Fields {
 public:
    explicit Fields(Bytes bytes) : cursor_(bytes) {}
    Bytes next(const char* field) {
        const auto size = cursor_.be<std::uint32_t>(field);
        return cursor_.bytes(size, field);
    }
    std::uint32_t number(const char* field) { return cursor_.be<std::uint32_t>(field); }
    bool ok() const { return cursor_.ok(); }

 private:
    Cursor cursor_;
};

PublicKey rsa_key(Fields& fields) {
    const std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(
        ::OSSL_PARAM_BLD_new());
    std::vector<Number> numbers;
    const auto push = [&](const char* name) {
        const auto bytes = fields.next(name);
        numbers.emplace_back(::BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
        ::OSSL_PARAM_BLD_push_BN(builder.get(), name, numbers.back().get());
    };
    push(OSSL_PKEY_PARAM_RSA_N);
    push(OSSL_PKEY_PARAM_RSA_E);
    push(OSSL_PKEY_PARAM_RSA_D);
    if (!fields.ok()) return {};
    const std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(
        ::OSSL_PARAM_BLD_to_param(builder.get()));
    const std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(
        ::EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (::EVP_PKEY_fromdata_init(context.get()) == 1)
        ::EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
    return PublicKey(key);
}

Result<IdentityPtr> from_openssh(Bytes blob) {
    constexpr Bytes magic("openssh-key-v1\0", 15);
    constexpr std::uint32_t one = 1;
    const auto damaged = [] {
        return fail(ErrorCode::malformed, "it is no whole private key of OpenSSH");
    };
    if (!blob.starts_with(magic)) return damaged();
    Fields outer(blob.substr(magic.size()));
    const auto cipher = outer.next("cipher");
    outer.next("kdf");
    outer.next("kdf options");
    const auto count = outer.number("keys");
    outer.next("public key");
    Fields inner(outer.next("private keys"));
    if (!outer.ok() || count != one) return damaged();
    if (cipher != "none") {
        return fail(ErrorCode::unsupported,
                    "the ssh key is encrypted by a passphrase: take it off a copy, ssh-keygen -p "
                    "-f COPY, and name that");
    }
    if (inner.number("check") != inner.number("check")) return damaged();
    const auto type = inner.next("type");
    if (type == ed25519_type) {
        const auto public_key = inner.next("public key");
        const auto secret = inner.next("secret");
        if (!inner.ok() || public_key.size() != 32 || secret.size() != 64) return damaged();
        return IdentityPtr(std::make_shared<Ed25519>(secret.substr(0, 32), public_key));
    }
    if (type != rsa_type) {
        return fail(ErrorCode::unsupported,
                    "an ssh key of a kind that age has not: ed25519 and rsa");
    }
    auto key = rsa_key(inner);
    if (!key) return damaged();
    return IdentityPtr(std::make_shared<Rsa>(std::move(key)));
}

Result<IdentityPtr> from_pem(Bytes file) {
    const std::unique_ptr<BIO, Release<BIO_free>> bio(
        ::BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
    // Without a passphrase: OpenSSL would ask at the terminal for one.
    auto* no_passphrase = const_cast<char*>("");
    PublicKey key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_passphrase));
    if (!key || ::EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        return fail(ErrorCode::unsupported,
                    "a PEM file that is no RSA private key, or one with a passphrase");
    }
    return IdentityPtr(std::make_shared<Rsa>(std::move(key)));
}

}  // namespace

Result<IdentityPtr> parse_ssh(Bytes file) {
    constexpr Bytes begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    constexpr Bytes end = "-----END OPENSSH PRIVATE KEY-----";
    if (!file.starts_with(begin)) return from_pem(file);
    std::string text;
    for (const char letter : file.substr(begin.size(), file.find(end) - begin.size())) {
        if (letter != '\n' && letter != '\r' && letter != '=') text.push_back(letter);
    }
    const auto blob = decode_base64(text);
    if (!blob) return fail(ErrorCode::malformed, "it is no whole private key of OpenSSH");
    return from_openssh(*blob);
}

}  // namespace salvor::envelope::age
