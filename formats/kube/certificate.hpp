#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/checksum.hpp"

namespace salvor::kube {

/// What of a certificate is asked for: X.509 in PEM.
struct Certificate {
    std::string subject;                         ///< its common name, else all of it as "O=a, OU=b"
    std::int64_t not_before = 0, not_after = 0;  ///< seconds since 1970
    Sha256Digest digest{};                       ///< of its DER
};

/// All that a PEM text holds; more than `most` are left out, and what does not parse is.
std::vector<Certificate> certificates_in(Bytes pem, std::size_t most = 1000);

}  // namespace salvor::kube
