#include "formats/kube/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <climits>
#include <ctime>
#include <memory>

#include "formats/base/release.hpp"

namespace salvor::kube {
namespace {

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Parsed = std::unique_ptr<X509, Release<X509_free>>;

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) : 0;
}

std::string subject_of(const X509* certificate) {
    const auto* name = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at >= 0) {
        const auto* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
        return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                static_cast<std::size_t>(ASN1_STRING_length(data))};
    }
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ) < 0)
        return {};
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Certificate read(const X509* certificate) {
    Certificate found;
    found.subject = subject_of(certificate);
    found.not_before = seconds_of(X509_get0_notBefore(certificate));
    found.not_after = seconds_of(X509_get0_notAfter(certificate));
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size > 0) {
        found.digest = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
        OPENSSL_free(der);
    }
    return found;
}

}  // namespace

std::vector<Certificate> certificates_in(Bytes pem, std::size_t most) {
    std::vector<Certificate> found;
    if (pem.empty() || pem.size() > INT_MAX) return found;
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    while (in && found.size() < most) {
        const Parsed certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        found.push_back(read(certificate.get()));
    }
    return found;
}

}  // namespace salvor::kube
