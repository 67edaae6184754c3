#pragma once

#include <openssl/evp.h>

#include <memory>

#include "formats/kube/at_rest/provider.hpp"

// What the two AES providers share.

namespace salvor::kube::at_rest {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

inline const unsigned char* octets(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Every key must have 16, 24 or 32 bytes.
Result<void> check_aes_keys(Bytes scheme, const std::vector<Key>& keys);

}  // namespace salvor::kube::at_rest
