#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <memory>

#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"
#include "formats/envelope/age/ssh_wire.hpp"

// Private keys of ssh. Sources: age agessh/agessh.go, OpenSSH's PROTOCOL.key

namespace salvor::envelope::age {
namespace {

class Ed25519 final : public Identity {
 public:
    explicit Ed25519(Bytes seed, Bytes public_key)
        : public_key_(framed(ssh_ed25519) + framed(public_key)) {
        std::string digest(64, '\0');
        unsigned size = 0;
        ::EVP_Digest(seed.data(), seed.size(), octets(digest), &size, ::EVP_sha512(), nullptr);
        scalar_ = digest.substr(0, 32);
        share_ = x25519(scalar_, x25519_base_point).value_or("");
        tweak_ = hkdf("", public_key_, ssh_ed25519_label);
    }

    Result<std::string> unwrap(const Stanza& stanza) const override {
        if (stanza.type != ssh_ed25519) return std::string();
        if (stanza.arguments.size() != 2)
            return fail(ErrorCode::malformed, "age header: an ssh-ed25519 recipient lacks its key");
        if (stanza.arguments[0] != tag_of(public_key_)) return std::string();
        const auto theirs = decode_base64(stanza.arguments[1]);
        auto shared = theirs && theirs->size() == 32 ? x25519(scalar_, *theirs) : std::nullopt;
        if (shared) shared = x25519(tweak_, *shared);
        if (!shared) {
            return fail(ErrorCode::malformed, "age header: an ssh-ed25519 recipient has no point");
        }
        return open_file_key(hkdf(*shared, *theirs + share_, ssh_ed25519_label), stanza);
    }

 private:
    std::string public_key_, scalar_, share_, tweak_;
};

std::string number_of(const BIGNUM* number) {
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    ::BN_bn2bin(number, octets(bytes));
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
        if (n && e) tag_ = tag_of(framed(ssh_rsa) + framed(number_of(e)) + framed(number_of(n)));
    }

    Result<std::string> unwrap(const Stanza& stanza) const override {
        if (stanza.type != ssh_rsa) return std::string();
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
        std::string plain(static_cast<std::size_t>(::EVP_PKEY_get_size(key_.get())), '\0');
        std::size_t size = plain.size();
        if (::EVP_PKEY_decrypt_init(context.get()) != 1 || !choose_oaep(context.get()) ||
            ::EVP_PKEY_decrypt(context.get(), octets(plain), &size, octets(body), body.size()) != 1)
            return {};
        plain.resize(size);
        return plain;
    }

    PublicKey key_;
    std::string tag_;
};

PublicKey private_rsa(Fields& fields) {
    const auto next = [&](const char* name) { return RsaNumber{name, fields.next(name)}; };
    const std::array numbers{next(OSSL_PKEY_PARAM_RSA_N), next(OSSL_PKEY_PARAM_RSA_E),
                             next(OSSL_PKEY_PARAM_RSA_D)};
    return fields.ok() ? rsa_key(numbers, EVP_PKEY_KEYPAIR) : nullptr;
}

Result<IdentityPtr> from_openssh(Bytes file) {
    SALVOR_TRY(const auto blob, openssh_blob(file));
    SALVOR_TRY(auto fields, private_fields(blob));
    const auto type = fields.next("type");
    if (type == ssh_ed25519) {
        const auto public_key = fields.next("public key");
        const auto secret = fields.next("secret");
        if (!fields.ok() || public_key.size() != 32 || secret.size() != 64) return no_openssh_key();
        return IdentityPtr(std::make_shared<Ed25519>(secret.substr(0, 32), public_key));
    }
    if (type != ssh_rsa) {
        return fail(ErrorCode::unsupported,
                    "an ssh key of a kind that age has not: ed25519 and rsa");
    }
    auto key = private_rsa(fields);
    if (!key) return no_openssh_key();
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
    return is_openssh_key(file) ? from_openssh(file) : from_pem(file);
}

}  // namespace salvor::envelope::age
