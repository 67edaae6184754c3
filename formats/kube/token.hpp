#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/kube/public_key.hpp"

namespace salvor::kube {

/// A service account's token: a JWT as an apiserver and the token controller sign it. What it says
/// is believed by nobody until a key that is known has signed it.
/// Source: kubernetes pkg/serviceaccount/{jwt,legacy,claims}.go, RFC 7519
struct Token {
    std::string algorithm, key_id;        ///< of the header: "RS256", and kid
    std::string issuer, subject;          ///< "system:serviceaccount:NAMESPACE:NAME"
    std::optional<std::int64_t> expires;  ///< seconds since 1970; nullopt: never
    Bytes signed_text;                    ///< a view into what was read
    std::string signature;

    bool is_signed_by(const PublicKey& key) const {
        return key.verifies(algorithm, signed_text, signature);
    }
};

/// nullopt where the text is no JWT.
std::optional<Token> read_token(Bytes text);

}  // namespace salvor::kube
