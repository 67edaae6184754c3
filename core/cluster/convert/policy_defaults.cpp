#include <algorithm>
#include <array>
#include <vector>

#include "core/cluster/convert/conversion.hpp"
#include "core/cluster/convert/defaults.hpp"

#include "formats/kube/certificate_request.hpp"
#include "formats/kube/special.hpp"

namespace salvor::convert {
namespace {

Value text(Bytes value) {
    return Value::of(value);
}

void network_policy(Value& policy, Context&) {
    auto& spec = object_at(policy, "spec");
    if (!is_zero(spec.find("policyTypes"))) return;
    auto types = list_of({text("Ingress")});
    if (!is_zero(spec.find("egress"))) types.items.push_back(text("Egress"));
    spec.set("policyTypes", std::move(types));
}

constexpr Bytes rbac_group = "rbac.authorization.k8s.io";

void subject(Value& subject, Context&) {
    if (subject.text("kind") == "User" || subject.text("kind") == "Group")
        set_if_zero(subject, "apiGroup", text(rbac_group));
}

void subject_alpha(Value& subject, Context&) {
    if (subject.text("kind") == "ServiceAccount") set_if_zero(subject, "apiVersion", text("v1"));
    if (subject.text("kind") == "User" || subject.text("kind") == "Group")
        set_if_zero(subject, "apiVersion", text("rbac.authorization.k8s.io/v1alpha1"));
}

/// A zero that was set is told by an annotation.
void priority_level_beta3(Value& level, Context& context) {
    constexpr std::uint8_t first_with_annotation = 29;
    auto* limited = member(level, {"spec", "limited"});
    if (!limited) return;
    const bool keeps_zero =
        context.release() >= first_with_annotation && annotation(level, zero_shares_annotation);
    constexpr std::int64_t standard = 30;
    if (!keeps_zero) set_if_zero(*limited, "nominalConcurrencyShares", Value::of(standard));
}

void exact_count(Value& request, Context&) {
    set_if_zero(request, "allocationMode", text("ExactCount"));
    if (request.text("allocationMode") == "ExactCount")
        set_if_zero(request, "count", Value::of(std::int64_t{1}));
}

/// Without a class it has requests of its own to choose among, since 1.33.
void device_request(Value& request, Context& context) {
    constexpr std::uint8_t first_with_alternatives = 33;
    if (context.release() < first_with_alternatives || !request.text("deviceClassName").empty())
        exact_count(request, context);
}

void multipliers(Value& device, Context&) {
    auto* mappings = member(device, "nodeAllocatableResourceMappings");
    if (!mappings) return;
    for (auto& [name, mapping] : mappings->members)
        set_if_nil(mapping, "allocationMultiplier", text("1"));
}

/// Usages, sorted, as kubelets ask for them: with or without what RSA keys need.
bool are_usages(const Value& spec, Bytes purpose) {
    std::vector<Bytes> usages;
    if (const auto* list = spec.find("usages")) {
        for (const auto& usage : list->items) usages.push_back(usage.string);
    }
    std::sort(usages.begin(), usages.end());
    usages.erase(std::unique(usages.begin(), usages.end()), usages.end());
    std::vector<Bytes> needed{"digital signature", "key encipherment", purpose};
    std::sort(needed.begin(), needed.end());
    if (usages == needed) return true;
    std::erase(needed, Bytes("key encipherment"));
    return usages == needed;
}

/// Source: certificates/v1beta1/defaults.go, certificates/helpers.go
Bytes signer_of(const Value& spec) {
    constexpr Bytes unknown = "kubernetes.io/legacy-unknown";
    const auto pem = kube::parse_base64(spec.text("request"));
    if (!pem) return unknown;
    const auto request = kube::CertificateRequest::parse(*pem);
    if (!request || request->organizations != std::vector<std::string>{"system:nodes"} ||
        !request->common_name.starts_with("system:node:") || !request->emails.empty() ||
        !request->uris.empty())
        return unknown;
    const bool has_address = !request->dns_names.empty() || !request->addresses.empty();
    if (!has_address && are_usages(spec, "client auth"))
        return "kubernetes.io/kube-apiserver-client-kubelet";
    if (has_address && are_usages(spec, "server auth")) return "kubernetes.io/kubelet-serving";
    return unknown;
}

void signing_request(Value& spec, Context& context) {
    constexpr std::uint8_t first_with_signer = 18;
    set_if_nil(spec, "usages", list_of({text("digital signature"), text("key encipherment")}));
    if (context.release() >= first_with_signer && is_nil(spec.find("signerName")))
        spec.set("signerName", text(signer_of(spec)));
}

constexpr std::array rules{
    DefaultRule{"networking.v1.NetworkPolicy", network_policy},
    DefaultRule{"extensions.v1beta1.NetworkPolicy", network_policy},
    DefaultRule{"rbac.v1.Subject", subject},
    DefaultRule{"rbac.v1beta1.Subject", subject},
    DefaultRule{"rbac.v1alpha1.Subject", subject_alpha},
    DefaultRule{"flowcontrol.v1beta3.PriorityLevelConfiguration", priority_level_beta3},
    DefaultRule{"resource.v1.ExactDeviceRequest", exact_count},
    DefaultRule{"resource.v1beta2.ExactDeviceRequest", exact_count},
    DefaultRule{"resource.v1.DeviceSubRequest", exact_count},
    DefaultRule{"resource.v1beta2.DeviceSubRequest", exact_count},
    DefaultRule{"resource.v1beta1.DeviceSubRequest", exact_count},
    DefaultRule{"resource.v1alpha3.DeviceSubRequest", exact_count},
    DefaultRule{"resource.v1beta1.DeviceRequest", device_request},
    DefaultRule{"resource.v1alpha3.DeviceRequest", device_request},
    DefaultRule{"resource.v1.Device", multipliers},
    DefaultRule{"resource.v1beta2.Device", multipliers},
    DefaultRule{"resource.v1beta1.BasicDevice", multipliers},
    DefaultRule{"certificates.v1beta1.CertificateSigningRequestSpec", signing_request},
};

}  // namespace

std::span<const DefaultRule> policy_defaults() {
    return rules;
}

}  // namespace salvor::convert
