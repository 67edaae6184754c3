#pragma once

#include <memory>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

typedef struct evp_pkey_st EVP_PKEY;

// Ed25519 (RFC 8032), with keys as OpenSSH and OpenSSL write them.

namespace salvor::envelope {

/// A private key that signs.
class SigningKey {
 public:
    /// OpenSSH's own format, or PEM (PKCS #8), neither with a passphrase. Errors: malformed;
    /// unsupported (another kind of key, an encrypted one).
    static Result<SigningKey> parse(Bytes file);

    /// 64 bytes over the message itself: `openssl pkeyutl -verify -rawin` takes them.
    Result<std::string> sign(Bytes message) const;
    /// 32 bytes.
    std::string public_key() const;

 private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
    };
    explicit SigningKey(EVP_PKEY* key) : key_(key) {}
    std::unique_ptr<EVP_PKEY, Free> key_;
};

/// Of the 32 bytes of a public key.
bool signature_holds(Bytes public_key, Bytes message, Bytes signature);

/// `ssh-ed25519 AAAA...`, as it stands in authorized_keys, and back.
std::string ssh_public_key(Bytes public_key);
/// That line, or PEM. Errors: malformed; unsupported (another kind of key).
Result<std::string> parse_public_key(Bytes file);

}  // namespace salvor::envelope
