#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>
#include <string>

#include "formats/base/cursor.hpp"
#include "formats/base/release.hpp"

// How ssh writes keys, and how age names one. Sources: RFC 4251 5, RFC 4253 6.6, RFC 8709 4,
// age agessh/agessh.go

namespace salvor::envelope::age {

constexpr Bytes ssh_ed25519 = "ssh-ed25519", ssh_rsa = "ssh-rsa";
/// What HKDF is told, and RSA-OAEP as its label.
constexpr Bytes ssh_ed25519_label = "age-encryption.org/v1/ssh-ed25519";
constexpr Bytes ssh_rsa_label = "age-encryption.org/v1/ssh-rsa";

using PublicKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;

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

/// Whether a file is a private key in OpenSSH's own format.
bool is_openssh_key(Bytes file);
std::unexpected<Error> no_openssh_key();
/// What stands in its base64. Error: malformed.
Result<std::string> openssh_blob(Bytes file);
/// Its one private key: type and numbers, as fields. Views into the blob. Errors: malformed;
/// unsupported (it is encrypted). Source: OpenSSH's PROTOCOL.key
Result<Fields> private_fields(Bytes blob);

/// The public key of a line as it stands in authorized_keys, `TYPE BASE64 [COMMENT]`, as fields of
/// which the first is TYPE. Error: malformed.
Result<std::string> public_blob(Bytes line);
std::unexpected<Error> no_ssh_line();

/// One such field.
std::string framed(Bytes bytes);
/// Of the public key as ssh writes it: the first four bytes of its SHA-256, by which a stanza names
/// it.
std::string tag_of(Bytes public_key);
/// A number of an RSA key by OpenSSL's name for it, big-endian.
struct RsaNumber {
    const char* name;
    Bytes bytes;
};
/// `selection`: EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR. nullptr where the numbers make no key.
PublicKey rsa_key(std::span<const RsaNumber> numbers, int selection);
/// RSA-OAEP with SHA-256 and age's label, for EVP_PKEY_encrypt and _decrypt once they are begun.
bool choose_oaep(EVP_PKEY_CTX* context);

}  // namespace salvor::envelope::age
