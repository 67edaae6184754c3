#include <openssl/core_names.h>
#include <sodium.h>

#include <array>

#include "formats/base/octets.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"
#include "formats/envelope/age/ssh_wire.hpp"

namespace salvor::envelope::age {
namespace {

constexpr std::size_t point_size = 32;
/// What age refuses to encrypt for is less. Source: age agessh/agessh.go NewRSARecipient
constexpr int least_rsa_bits = 2048;

class Ed25519Recipient final : public Recipient {
 public:
    Ed25519Recipient(std::string public_key, std::string point)
        : public_key_(std::move(public_key)), point_(std::move(point)) {}

    Result<Stanza> wrap(Bytes file_key) const override {
        SALVOR_TRY(const auto secret, random_bytes(point_size));
        const auto share = x25519(secret, x25519_base_point);
        auto shared = x25519(secret, point_);
        if (shared) shared = x25519(hkdf("", public_key_, ssh_ed25519_label), *shared);
        if (!share || !shared)
            return fail(ErrorCode::malformed, "an ssh-ed25519 recipient of low order");
        const auto key = hkdf(*shared, *share + point_, ssh_ed25519_label);
        return Stanza{std::string(ssh_ed25519),
                      {tag_of(public_key_), encode_base64(*share)},
                      seal_file_key(key, file_key)};
    }

 private:
    std::string public_key_, point_;
};

class RsaRecipient final : public Recipient {
 public:
    RsaRecipient(std::string public_key, PublicKey key)
        : public_key_(std::move(public_key)), key_(std::move(key)) {}

    Result<Stanza> wrap(Bytes file_key) const override {
        const std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(
            ::EVP_PKEY_CTX_new(key_.get(), nullptr));
        std::string body(static_cast<std::size_t>(::EVP_PKEY_get_size(key_.get())), '\0');
        std::size_t size = body.size();
        if (::EVP_PKEY_encrypt_init(context.get()) != 1 || !choose_oaep(context.get()) ||
            ::EVP_PKEY_encrypt(context.get(), octets(body), &size, octets(file_key),
                               file_key.size()) != 1)
            return fail(ErrorCode::io, "OpenSSL does not encrypt for an ssh-rsa recipient");
        body.resize(size);
        return Stanza{std::string(ssh_rsa), {tag_of(public_key_)}, std::move(body)};
    }

 private:
    std::string public_key_;
    PublicKey key_;
};

Result<RecipientPtr> ed25519(std::string blob, Bytes key) {
    std::string point(point_size, '\0');
    if (key.size() != point_size ||
        ::crypto_sign_ed25519_pk_to_curve25519(octets(point), octets(key)) != 0)
        return no_ssh_line();
    return std::make_shared<Ed25519Recipient>(std::move(blob), std::move(point));
}

Result<RecipientPtr> rsa(std::string blob, Bytes exponent, Bytes modulus) {
    const std::array<RsaNumber, 2> numbers{
        {{OSSL_PKEY_PARAM_RSA_N, modulus}, {OSSL_PKEY_PARAM_RSA_E, exponent}}};
    auto key = rsa_key(numbers, EVP_PKEY_PUBLIC_KEY);
    if (!key) return no_ssh_line();
    if (const int bits = ::EVP_PKEY_get_bits(key.get()); bits < least_rsa_bits) {
        return fail(ErrorCode::unsupported, "an ssh-rsa key of {} bits: age takes {} and more",
                    bits, least_rsa_bits);
    }
    return std::make_shared<RsaRecipient>(std::move(blob), std::move(key));
}

}  // namespace

Result<RecipientPtr> parse_ssh_recipient(Bytes line) {
    SALVOR_TRY(const auto blob, public_blob(line));
    Fields fields(blob);
    const auto type = fields.next("type");
    const auto first = fields.next("key");
    if (type == ssh_ed25519) return fields.ok() ? ed25519(blob, first) : no_ssh_line();
    const auto modulus = fields.next("modulus");
    return fields.ok() ? rsa(blob, first, modulus) : no_ssh_line();
}

}  // namespace salvor::envelope::age
