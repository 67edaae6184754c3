#pragma once

#include <openssl/evp.h>

#include <memory>

#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/kube/at_rest/provider.hpp"

// What the two AES providers share.

namespace salvor::kube::at_rest {

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

/// Every key must have 16, 24 or 32 bytes.
Result<void> check_aes_keys(Bytes scheme, const std::vector<Key>& keys);

}  // namespace salvor::kube::at_rest
