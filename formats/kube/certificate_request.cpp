#include "formats/kube/certificate_request.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "formats/base/release.hpp"

namespace salvor::kube {
namespace {

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Request = std::unique_ptr<X509_REQ, Release<X509_REQ_free>>;
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), decltype([](auto* stack) {
                                       sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
                                   })>;
using Names = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;

std::string text_of(const ASN1_STRING* string) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, string);
    if (size < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return text;
}

std::string raw_of(const ASN1_STRING* string) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

void read_subject(const X509_NAME* subject, CertificateRequest& request) {
    const std::array lists{std::pair{NID_organizationName, &request.organizations},
                           std::pair{NID_organizationalUnitName, &request.units},
                           std::pair{NID_countryName, &request.countries},
                           std::pair{NID_localityName, &request.localities},
                           std::pair{NID_stateOrProvinceName, &request.provinces},
                           std::pair{NID_streetAddress, &request.streets},
                           std::pair{NID_postalCode, &request.postal_codes}};
    for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
        const auto* entry = X509_NAME_get_entry(subject, i);
        const int type = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
        const auto text = text_of(X509_NAME_ENTRY_get_data(entry));
        if (type == NID_commonName) request.common_name = text;
        if (type == NID_serialNumber) request.serial_number = text;
        for (const auto& [known, list] : lists) {
            if (type == known) list->push_back(text);
        }
    }
}

std::string address_of(const std::string& bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = bytes.size() == 4 ? AF_INET : bytes.size() == 16 ? AF_INET6 : AF_UNSPEC;
    if (family == AF_UNSPEC || !inet_ntop(family, bytes.data(), text.data(), text.size()))
        return {};
    return text.data();
}

void read_alternatives(X509_REQ* from, CertificateRequest& request) {
    const Extensions extensions(X509_REQ_get_extensions(from));
    if (!extensions) return;
    const Names names(static_cast<GENERAL_NAMES*>(
        X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        switch (name->type) {
            case GEN_DNS: request.dns_names.push_back(raw_of(name->d.dNSName)); break;
            case GEN_EMAIL: request.emails.push_back(raw_of(name->d.rfc822Name)); break;
            case GEN_URI: request.uris.push_back(raw_of(name->d.uniformResourceIdentifier)); break;
            case GEN_IPADD:
                request.addresses.push_back(address_of(raw_of(name->d.iPAddress)));
                break;
            default: break;
        }
    }
}

}  // namespace

Result<CertificateRequest> CertificateRequest::parse(Bytes pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const Request from(bio ? PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!from)
        return fail(ErrorCode::malformed, "{} bytes are no certificate request in PEM", pem.size());
    CertificateRequest request;
    read_subject(X509_REQ_get_subject_name(from.get()), request);
    read_alternatives(from.get(), request);
    return request;
}

}  // namespace salvor::kube
