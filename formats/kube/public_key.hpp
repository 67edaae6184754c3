#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::kube {

/// A public key of RSA or of an elliptic curve, kept as the DER of its SubjectPublicKeyInfo: two
/// are one key where that is the same.
class PublicKey {
 public:
    explicit PublicKey(std::string der) : der_(std::move(der)) {}
    /// As a token's header names it: the base64url of the DER's SHA-256.
    /// Source: kubernetes pkg/serviceaccount/jwt.go (keyIDFromPublicKey)
    std::string id() const;
    /// Whether `signature` is this key's over `text`, as a JWT has it: by RS256, ES256 and their
    /// kin of 384 and 512 bits. False for any other algorithm.
    bool verifies(std::string_view algorithm, Bytes text, Bytes signature) const;
    bool operator==(const PublicKey&) const = default;

 private:
    std::string der_;
};

/// All in a PEM text: public keys, those of certificates, and the public halves of private keys
/// that no passphrase closes. What does not parse is left out, and more than `most` are.
std::vector<PublicKey> public_keys_in(Bytes pem, std::size_t most = 100);

}  // namespace salvor::kube
