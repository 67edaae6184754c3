#include "formats/envelope/signature.hpp"

#include <openssl/pem.h>

#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/envelope/age/primitives.hpp"
#include "formats/envelope/age/ssh_wire.hpp"

namespace salvor::envelope {
namespace {

constexpr std::size_t key_size = 32, signature_size = 64;

using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;

Bio open(Bytes file) {
    return Bio(::BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
}

Result<std::string> seed_of_openssh(Bytes file) {
    SALVOR_TRY(const auto blob, age::openssh_blob(file));
    SALVOR_TRY(auto fields, age::private_fields(blob));
    if (fields.next("type") != age::ssh_ed25519)
        return fail(ErrorCode::unsupported, "an ssh key that is no ed25519 one, by which to sign");
    fields.next("public key");
    const auto secret = fields.next("secret");
    if (!fields.ok() || secret.size() != 2 * key_size) return age::no_openssh_key();
    return std::string(secret.substr(0, key_size));
}

std::unexpected<Error> no_public_key() {
    return fail(ErrorCode::malformed,
                "no public key of Ed25519: `ssh-ed25519 AAAA...`, or PEM of OpenSSL");
}

std::string bytes_of(const EVP_PKEY* key) {
    std::string bytes(key_size, '\0');
    std::size_t size = bytes.size();
    ::EVP_PKEY_get_raw_public_key(key, octets(bytes), &size);
    return bytes;
}

Result<std::string> from_ssh_line(Bytes line) {
    const auto blob = age::public_blob(line);
    if (!blob) return no_public_key();
    age::Fields fields(*blob);
    const auto type = fields.next("type"), key = fields.next("key");
    if (!fields.ok() || type != age::ssh_ed25519 || key.size() != key_size) return no_public_key();
    return std::string(key);
}

}  // namespace

void SigningKey::Free::operator()(EVP_PKEY* key) const {
    ::EVP_PKEY_free(key);
}

Result<SigningKey> SigningKey::parse(Bytes file) {
    if (age::is_openssh_key(file)) {
        SALVOR_TRY(const auto seed, seed_of_openssh(file));
        return SigningKey(
            ::EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(seed), seed.size()));
    }
    // Without a passphrase: OpenSSL would ask at the terminal for one.
    auto* no_passphrase = const_cast<char*>("");
    SigningKey key(::PEM_read_bio_PrivateKey(open(file).get(), nullptr, nullptr, no_passphrase));
    if (!key.key_ || ::EVP_PKEY_get_base_id(key.key_.get()) != EVP_PKEY_ED25519) {
        return fail(ErrorCode::unsupported,
                    "no private key of Ed25519, in OpenSSH's format or PEM and without a "
                    "passphrase");
    }
    return key;
}

Result<std::string> SigningKey::sign(Bytes message) const {
    const Context context(::EVP_MD_CTX_new());
    std::string signature(signature_size, '\0');
    std::size_t size = signature.size();
    if (::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        ::EVP_DigestSign(context.get(), octets(signature), &size, octets(message),
                         message.size()) != 1)
        return fail(ErrorCode::io, "OpenSSL does not sign");
    return signature;
}

std::string SigningKey::public_key() const {
    return bytes_of(key_.get());
}

bool signature_holds(Bytes public_key, Bytes message, Bytes signature) {
    const age::PublicKey key(::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                           octets(public_key), public_key.size()));
    const Context context(::EVP_MD_CTX_new());
    return key &&
           ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           ::EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message),
                              message.size()) == 1;
}

std::string ssh_public_key(Bytes public_key) {
    auto base64 = age::encode_base64(age::framed(age::ssh_ed25519) + age::framed(public_key));
    base64.append((4 - base64.size() % 4) % 4, '=');
    return std::string(age::ssh_ed25519) + " " + base64;
}

Result<std::string> parse_public_key(Bytes file) {
    if (file.starts_with(age::ssh_ed25519)) return from_ssh_line(file);
    const age::PublicKey key(::PEM_read_bio_PUBKEY(open(file).get(), nullptr, nullptr, nullptr));
    if (!key || ::EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) return no_public_key();
    return bytes_of(key.get());
}

}  // namespace salvor::envelope
