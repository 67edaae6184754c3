#pragma once

#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::kube {

/// What a certificate is asked for: of a PKCS #10 request in PEM.
struct CertificateRequest {
    std::string common_name, serial_number;
    std::vector<std::string> organizations, units, countries, localities, provinces, streets,
        postal_codes;
    std::vector<std::string> dns_names, emails, uris, addresses;

    /// Error: malformed.
    static Result<CertificateRequest> parse(Bytes pem);
};

}  // namespace salvor::kube
