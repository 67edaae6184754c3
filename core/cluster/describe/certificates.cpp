#include <algorithm>
#include <array>

#include "core/cluster/describe/parts.hpp"
#include "formats/kube/certificate_request.hpp"
#include "formats/text/human.hpp"

namespace salvor::describe {
namespace {

std::string status(const Value& request) {
    const auto is = [&](std::string_view type) {
        return table::condition_of(request, type) != nullptr;
    };
    std::string text = is("Denied") ? "Denied" : is("Approved") ? "Approved" : "Pending";
    if (is("Failed")) text += ",Failed";
    if (!text_at(request, "status.certificate").empty()) text += ",Issued";
    return text;
}

void texts(Writer& out, std::string_view title, const std::vector<std::string>& all) {
    if (!all.empty()) out.write(0, "\t{}:\t{}\n", title, table::join(all, "\n\t\t"));
}

void wanted(Writer& out, const kube::CertificateRequest& request) {
    out.write(0, "Subject:\n");
    out.write(0, "\tCommon Name:\t{}\n", request.common_name);
    out.write(0, "\tSerial Number:\t{}\n", request.serial_number);
    texts(out, "Organization", request.organizations);
    texts(out, "Organizational Unit", request.units);
    texts(out, "Country", request.countries);
    texts(out, "Locality", request.localities);
    texts(out, "Province", request.provinces);
    texts(out, "StreetAddress", request.streets);
    texts(out, "PostalCode", request.postal_codes);
    if (request.dns_names.empty() && request.emails.empty() && request.uris.empty() &&
        request.addresses.empty())
        return;
    out.write(0, "Subject Alternative Names:\n");
    texts(out, "DNS Names", request.dns_names);
    texts(out, "Email Addresses", request.emails);
    texts(out, "URIs", request.uris);
    texts(out, "IP Addresses", request.addresses);
}

void describe_request(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name(subject, out);
    out.write(0, "Labels:\t{}\n", pairs_at(object, "metadata.labels"));
    out.write(0, "Annotations:\t{}\n", pairs_at(object, "metadata.annotations"));
    created(subject, out);
    out.write(0, "Requesting User:\t{}\n", text_at(object, "spec.username"));
    if (const auto signer = text_at(object, "spec.signerName"); !signer.empty())
        out.write(0, "Signer:\t{}\n", signer);
    if (has(object, "spec.expirationSeconds")) {
        out.write(0, "Requested Duration:\t{}\n",
                  text::human_duration(integer_at(object, "spec.expirationSeconds")));
    }
    out.write(0, "Status:\t{}\n", status(object));
    const auto bytes = kube::parse_base64(text_at(object, "spec.request"));
    const auto request = kube::CertificateRequest::parse(bytes.value_or(""));
    if (request) {
        wanted(out, *request);
    } else {
        out.write(0, "Subject:\t<unknown: {}>\n", request.error().message);
    }
}

}  // namespace

std::span<const Kind> certificates() {
    static constexpr std::array kinds{
        Kind{"certificates.k8s.io", "CertificateSigningRequest", describe_request}};
    return kinds;
}

}  // namespace salvor::describe
