#include <algorithm>
#include <array>
#include <set>

#include "core/cluster/describe/endpoints.hpp"
#include "core/cluster/describe/terms.hpp"

// What is reached, and by which way.

namespace salvor::describe {
namespace {

constexpr std::uint8_t cidrs_since = 29;      ///< ServiceCIDR is described
constexpr std::uint8_t addresses_since = 25;  ///< IPAddress is
constexpr std::uint8_t cluster_cidrs_since = 25, cluster_cidrs_until = 28;

// -- Service

constexpr std::uint8_t tells_ip_mode_since = 31;
constexpr std::uint8_t tells_traffic_policy_since = 31;
constexpr std::uint8_t tells_distribution_since = 34;
constexpr std::uint8_t tells_app_protocol_since = 36;

std::string balancer_ingress(const Subject& subject) {
    std::vector<std::string> all;
    for (const auto& one : items_at(subject.object, "status.loadBalancer.ingress")) {
        auto text = text_at(one, "ip");
        if (text.empty()) {
            text = text_at(one, "hostname");
        } else if (has(one, "ipMode") && subject.release >= tells_ip_mode_since) {
            text += fmt::format(" ({})", text_at(one, "ipMode"));
        }
        all.push_back(std::move(text));
    }
    return table::join(all, ", ");
}

/// A line of a text that is there.
void told_if_set(Writer& out, std::string_view title, const std::string& text) {
    if (!text.empty()) out.write(0, "{}:\t{}\n", title, text);
}

void service_port(const Subject& subject, Writer& out, const Value& port) {
    const auto protocol = port.text("protocol");
    const auto name = or_unset(text_at(port, "name"));
    out.write(0, "Port:\t{}\t{}/{}\n", name, number_at(port, "port"), protocol);
    out.write(0, "TargetPort:\t{}/{}\n", number_at(port, "targetPort"), protocol);
    if (subject.release >= tells_app_protocol_since)
        told_if_set(out, "AppProtocol", text_at(port, "appProtocol"));
    if (integer_at(port, "nodePort") != 0)
        out.write(0, "NodePort:\t{}\t{}/{}\n", name, number_at(port, "nodePort"), protocol);
    out.write(0, "Endpoints:\t{}\n",
              endpoints_of(subject, string_at(subject.object, "metadata.namespace"),
                           string_at(subject.object, "metadata.name"), port.text("name")));
}

void describe_service(const Subject& subject, Writer& out) {
    const auto& service = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Selector:\t{}\n", pairs_at(service, "spec.selector"));
    out.write(0, "Type:\t{}\n", text_at(service, "spec.type"));
    told_if_set(out, "IP Family Policy", text_at(service, "spec.ipFamilyPolicy"));
    out.write(0, "IP Families:\t{}\n", or_none(joined_at(service, "spec.ipFamilies", ",")));
    out.write(0, "IP:\t{}\n", text_at(service, "spec.clusterIP"));
    out.write(0, "IPs:\t{}\n", or_none(joined_at(service, "spec.clusterIPs", ",")));
    told_if_set(out, "External IPs", joined_at(service, "spec.externalIPs", ","));
    told_if_set(out, subject.release >= tells_ip_mode_since ? "Desired LoadBalancer IP" : "IP",
                text_at(service, "spec.loadBalancerIP"));
    told_if_set(out, "External Name", text_at(service, "spec.externalName"));
    told_if_set(out, "LoadBalancer Ingress", balancer_ingress(subject));
    for (const auto& port : items_at(service, "spec.ports")) service_port(subject, out, port);
    out.write(0, "Session Affinity:\t{}\n", text_at(service, "spec.sessionAffinity"));
    told_if_set(out, "External Traffic Policy", text_at(service, "spec.externalTrafficPolicy"));
    if (subject.release >= tells_traffic_policy_since)
        told_if_set(out, "Internal Traffic Policy", text_at(service, "spec.internalTrafficPolicy"));
    told_if_set(out, "HealthCheck NodePort", text_at(service, "spec.healthCheckNodePort"));
    told_if_set(out, "LoadBalancer Source Ranges",
                joined_at(service, "spec.loadBalancerSourceRanges", ","));
    if (subject.release >= tells_distribution_since)
        told_if_set(out, "Traffic Distribution", text_at(service, "spec.trafficDistribution"));
}

// -- Ingress, IngressClass

/// The name of the service's port that a backend names by number or name.
std::string port_name(const Value& service, const Value& backend) {
    std::string name;
    for (const auto& port : items_at(service, "spec.ports")) {
        const auto number = integer_at(backend, "port.number");
        const auto wanted = text_at(backend, "port.name");
        if ((number != 0 && number == integer_at(port, "port")) ||
            (!wanted.empty() && wanted == port.text("name")))
            name = port.text("name");
    }
    return name;
}

std::string service_backend(const Subject& subject, const Value& backend) {
    const auto home = string_at(subject.object, "metadata.namespace");
    const auto service = backend.text("name");
    const bool by_number = integer_at(backend, "port.number") != 0;
    const auto words =
        fmt::format("{}:{}", service, text_at(backend, by_number ? "port.number" : "port.name"));
    const auto missing = [&](std::string_view resource, bool has_blank) {
        return fmt::format("{}{}(<error: {} \"{}\" not found>)", words, has_blank ? " " : "",
                           resource, service);
    };
    const bool asks_slices = subject.release >= slices_are_asked_since;
    if (!asks_slices && !subject.around.with("endpoints", home, service, [](const Value&) {}))
        return missing("endpoints", true);
    std::string name;
    const bool found = subject.around.with(
        "services", home, service, [&](const Value& object) { name = port_name(object, backend); });
    if (!found) return missing("services", asks_slices);
    return fmt::format("{} ({})", words, endpoints_of(subject, home, service, name));
}

std::string backend_text(const Subject& subject, const Value* backend) {
    if (!backend) return {};
    if (const auto* service = backend->find("service")) return service_backend(subject, *service);
    const auto* resource = backend->find("resource");
    if (!resource) return {};
    return fmt::format("APIGroup: {}, Kind: {}, Name: {}",
                       has(*resource, "apiGroup") ? text_at(*resource, "apiGroup") : "<none>",
                       resource->text("kind"), resource->text("name"));
}

std::string ingress_addresses(const Value& ingress) {
    std::set<std::string> all;
    for (const auto& one : items_at(ingress, "status.loadBalancer.ingress")) {
        auto text = text_at(one, "ip");
        if (text.empty()) text = text_at(one, "hostname");
        if (!text.empty()) all.insert(std::move(text));
    }
    return fmt::format("{}", fmt::join(all, ","));
}

void ingress_rules(const Subject& subject, Writer& out, std::string_view default_backend) {
    out.write(0, "Rules:\n  Host\tPath\tBackends\n");
    out.write(1, "----\t----\t--------\n");
    bool any = false;
    for (const auto& rule : items_at(subject.object, "spec.rules")) {
        if (!has(rule, "http")) continue;
        any = true;
        out.write(1, "{}\t\n", rule.text("host").empty() ? "*" : rule.text("host"));
        for (const auto& path : items_at(rule, "http.paths")) {
            out.write(2, "\t{} \t{}\n", path.text("path"),
                      backend_text(subject, path.find("backend")));
        }
    }
    if (!any) out.write(1, "*\t*\t{}\n", default_backend);
}

void describe_ingress(const Subject& subject, Writer& out) {
    const auto& ingress = subject.object;
    name(subject, out);
    labels(out, "Labels", at(ingress, "metadata.labels"));
    out.write(0, "Namespace:\t{}\n", text_at(ingress, "metadata.namespace"));
    out.write(0, "Address:\t{}\n", ingress_addresses(ingress));
    out.write(0, "Ingress Class:\t{}\n",
              has(ingress, "spec.ingressClassName") ? text_at(ingress, "spec.ingressClassName")
                                                    : "<none>");
    const auto* backend = at(ingress, "spec.defaultBackend");
    const auto words = backend ? backend_text(subject, backend) : "<default>";
    out.write(0, "Default backend:\t{}\n", words);
    const auto tls = items_at(ingress, "spec.tls");
    if (!tls.empty()) out.write(0, "TLS:\n");
    for (const auto& one : tls) {
        const auto secret = one.text("secretName");
        out.write(1, "{} {}\n",
                  secret.empty() ? "SNI routes" : fmt::format("{} terminates", secret),
                  joined_at(one, "hosts", ","));
    }
    ingress_rules(subject, out, words);
    annotations(out, "Annotations", at(ingress, "metadata.annotations"));
}

void describe_ingress_class(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Controller:\t{}\n", text_at(subject.object, "spec.controller"));
    const auto* parameters = at(subject.object, "spec.parameters");
    if (!parameters || !parameters->is_object()) return;
    out.write(0, "Parameters:\n");
    if (has(*parameters, "apiGroup"))
        out.write(1, "APIGroup:\t{}\n", text_at(*parameters, "apiGroup"));
    out.write(1, "Kind:\t{}\n", parameters->text("kind"));
    out.write(1, "Name:\t{}\n", parameters->text("name"));
}

// -- ServiceCIDR, IPAddress, ClusterCIDR

void describe_cluster_cidr(const Subject& subject, Writer& out) {
    const auto& cidr = subject.object;
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "NodeSelector:\n");
    if (has(cidr, "spec.nodeSelector")) {
        const auto terms = items_at(cidr, "spec.nodeSelector.nodeSelectorTerms");
        out.write(1, "NodeSelector Terms:");
        out.end_line(terms.empty() ? "<none>" : "");
        selector_terms(out, 2, terms, "matchExpressions");
    }
    if (integer_at(cidr, "spec.perNodeHostBits") != 0)
        out.write(0, "PerNodeHostBits:\t{}\n", text_at(cidr, "spec.perNodeHostBits"));
    told_if_set(out, "IPv4", text_at(cidr, "spec.ipv4"));
    told_if_set(out, "IPv6", text_at(cidr, "spec.ipv6"));
}

void describe_service_cidr(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "CIDRs:\t{}\n", joined_at(subject.object, "spec.cidrs", ", "));
    if (items_at(subject.object, "status.conditions").empty()) return;
    out.write(0, "Status:\n");
    static constexpr std::array columns{
        ConditionColumn{"Type", "type"}, ConditionColumn{"Status", "status"},
        ConditionColumn{"LastTransitionTime", "lastTransitionTime", true},
        ConditionColumn{"Reason", "reason"}, ConditionColumn{"Message", "message"}};
    conditions(subject, out, columns);
}

void describe_ip_address(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    const auto* parent = at(subject.object, "spec.parentRef");
    if (!parent || !parent->is_object()) return;
    out.write(0, "Parent Reference:\n");
    for (const auto& [title, field] :
         {std::pair{"Group", "group"}, std::pair{"Resource", "resource"},
          std::pair{"Namespace", "namespace"}, std::pair{"Name", "name"}})
        out.write(1, "{}:\t{}\n", title, parent->text(field));
}

}  // namespace

std::span<const Kind> network() {
    static constexpr std::array kinds{
        Kind{"", "Service", describe_service},
        Kind{"", "Endpoints", describe_endpoints},
        Kind{"discovery.k8s.io", "EndpointSlice", describe_endpoint_slice},
        Kind{"networking.k8s.io", "Ingress", describe_ingress},
        Kind{"networking.k8s.io", "IngressClass", describe_ingress_class},
        Kind{"networking.k8s.io", "ServiceCIDR", describe_service_cidr, Events::shown, cidrs_since},
        Kind{"networking.k8s.io", "IPAddress", describe_ip_address, Events::shown, addresses_since},
        Kind{"networking.k8s.io", "ClusterCIDR", describe_cluster_cidr, Events::shown,
             cluster_cidrs_since, cluster_cidrs_until},
    };
    return kinds;
}

}  // namespace salvor::describe
