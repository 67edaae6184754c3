#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/cluster/table/cells.hpp"

namespace salvor::table {
namespace {

using kube::Value;

constexpr auto wide = Width::wide;
constexpr std::size_t most_listed = 3;

std::string address_and_port(std::string_view address, std::int64_t port) {
    const bool has_colon = address.find(':') != std::string_view::npos;
    return fmt::format("{}{}{}:{}", has_colon ? "[" : "", address, has_colon ? "]" : "", port);
}

/// Where a load balancer answers.
std::string balancer_addresses(const Subject& subject) {
    std::set<std::string> found;
    for (const auto& ingress : items_at(subject.object, "status.loadBalancer.ingress")) {
        const auto ip = ingress.text("ip");
        const auto address = ip.empty() ? ingress.text("hostname") : ip;
        if (!address.empty()) found.emplace(address);
    }
    return join({found.begin(), found.end()}, ",");
}

// -- Service

std::string cluster_ip(const Subject& subject, std::string_view) {
    const auto ips = items_at(subject.object, "spec.clusterIPs");
    if (!ips.empty()) return text_of(&ips.front());
    return text_or_none(subject, "spec.clusterIP");  // all that was stored before 1.20
}

std::string external_ip(const Subject& subject, std::string_view) {
    const auto type = string_at(subject.object, "spec.type");
    if (type == "ExternalName") return text_at(subject, "spec.externalName");
    if (type == "ClusterIP" || type == "NodePort") return list_or_none(subject, "spec.externalIPs");
    if (type != "LoadBalancer") return "<unknown>";
    auto addresses = balancer_addresses(subject);
    const auto external = list_at(subject, "spec.externalIPs");
    if (!addresses.empty() && !external.empty()) addresses += ",";
    addresses += external;
    return addresses.empty() ? "<pending>" : addresses;
}

std::string service_ports(const Subject& subject, std::string_view) {
    std::vector<std::string> ports;
    for (const auto& port : items_at(subject.object, "spec.ports")) {
        const auto node_port = integer_at(port, "nodePort");
        ports.push_back(fmt::format("{}{}/{}", integer_at(port, "port"),
                                    node_port > 0 ? fmt::format(":{}", node_port) : "",
                                    port.text("protocol")));
    }
    return ports.empty() ? "<none>" : join(ports, ",");
}

constexpr Column service[] = {
    {"NAME", name},
    {"TYPE", text_at, "spec.type"},
    {"CLUSTER-IP", cluster_ip},
    {"EXTERNAL-IP", external_ip},
    {"PORT(S)", service_ports},
    {"AGE", age_at, created},
    {"SELECTOR", labels_at, "spec.selector", wide},
};

// -- Endpoints, EndpointSlice

/// Every port of every address; only what is shown is made.
std::string endpoints_of(const Subject& subject, std::string_view) {
    const auto subsets = items_at(subject.object, "subsets");
    if (subsets.empty()) return "<none>";
    std::vector<std::string> shown;
    std::size_t count = 0;
    for (const auto& subset : subsets) {
        const auto addresses = items_at(subset, "addresses");
        const auto ports = items_at(subset, "ports");
        const auto pairs = addresses.size() * std::max<std::size_t>(ports.size(), 1);
        count += pairs;
        for (std::size_t i = 0; i < pairs && shown.size() < most_listed; ++i) {
            const auto ip = addresses[i % addresses.size()].text("ip");
            shown.push_back(
                ports.empty()
                    ? std::string(ip)
                    : address_and_port(ip, integer_at(ports[i / addresses.size()], "port")));
        }
    }
    auto text = join(shown, ",");
    if (count > shown.size()) text += fmt::format(" + {} more...", count - shown.size());
    return text;
}

constexpr Column endpoints[] = {
    {"NAME", name},
    {"ENDPOINTS", endpoints_of},
    {"AGE", age_at, created},
};

std::string slice_ports(const Subject& subject, std::string_view path) {
    std::vector<std::string> ports;
    for (const auto& port : items_at(subject.object, path)) {
        const auto* found = has(port, "port")   ? port.find("port")
                            : has(port, "name") ? port.find("name")
                                                : nullptr;
        ports.push_back(found ? text_of(found) : "*");
    }
    const auto text = first_of_many(ports, most_listed);
    return text.empty() ? "<unset>" : text;
}
std::string slice_endpoints(const Subject& subject, std::string_view path) {
    std::vector<std::string> addresses;
    for (const auto& endpoint : items_at(subject.object, path)) {
        for (const auto& address : items_at(endpoint, "addresses"))
            addresses.push_back(text_of(&address));
    }
    const auto text = first_of_many(addresses, most_listed);
    return text.empty() ? "<unset>" : text;
}

constexpr Column endpoint_slice[] = {
    {"NAME", name},
    {"ADDRESSTYPE", text_at, "addressType"},
    {"PORTS", slice_ports, "ports"},
    {"ENDPOINTS", slice_endpoints, "endpoints"},
    {"AGE", age_at, created},
};

// -- Ingress

/// Hosts of the first rules; how many more is counted in rules, hostless ones too.
std::string ingress_hosts(const Subject& subject, std::string_view) {
    const auto rules = items_at(subject.object, "spec.rules");
    std::vector<std::string> hosts;
    bool more = false;
    for (const auto& rule : rules) {
        more = more || hosts.size() == most_listed;
        if (!more && !rule.text("host").empty()) hosts.emplace_back(rule.text("host"));
    }
    if (hosts.empty()) return "*";
    auto text = join(hosts, ",");
    if (more) text += fmt::format(" + {} more...", rules.size() - most_listed);
    return text;
}
std::string ingress_address(const Subject& subject, std::string_view) {
    return balancer_addresses(subject);
}
std::string ingress_ports(const Subject& subject, std::string_view) {
    return items_at(subject.object, "spec.tls").empty() ? "80" : "80, 443";
}

constexpr Column ingress[] = {
    {"NAME", name},
    {.header = "CLASS", .cell = set_or_none, .path = "spec.ingressClassName", .since = 18},
    {"HOSTS", ingress_hosts},
    {"ADDRESS", ingress_address},
    {"PORTS", ingress_ports},
    {"AGE", age_at, created},
};

std::string class_parameters(const Subject& subject, std::string_view path) {
    const auto* parameters = at(subject.object, path);
    if (!parameters || !parameters->is_object()) return "<none>";
    const auto* group = parameters->find("apiGroup");
    return fmt::format("{}{}/{}", parameters->text("kind"),
                       group && group->is_string() ? "." + std::string(group->string) : "",
                       parameters->text("name"));
}

constexpr Column ingress_class[] = {
    {.header = "NAME", .cell = name, .until = 35},
    {.header = "NAME",
     .cell = name_or_default,
     .path = "ingressclass.kubernetes.io/is-default-class",
     .since = 36},
    {"CONTROLLER", text_at, "spec.controller"},
    {"PARAMETERS", class_parameters, "spec.parameters"},
    {"AGE", age_at, created},
};

constexpr Column network_policy[] = {
    {"NAME", name},
    {"POD-SELECTOR", selector_at, "spec.podSelector"},
    {"AGE", age_at, created},
};

// -- addresses

/// Of NodeSelectorTerms as Go's fmt prints them.
std::string node_selector(const Subject& subject, std::string_view path) {
    if (!has(subject.object, path)) return "<none>";
    const auto listed = [](const Value& term, const char* member) {
        std::vector<std::string> parts;
        for (const auto& one : items_at(term, member)) {
            std::vector<std::string> values;
            for (const auto& value : items_at(one, "values")) values.push_back(text_of(&value));
            parts.push_back(fmt::format("{{{} {} [{}]}}", one.text("key"), one.text("operator"),
                                        fmt::join(values, " ")));
        }
        return join(parts, " ");
    };
    std::vector<std::string> all;
    for (const auto& term : items_at(*at(subject.object, path), "nodeSelectorTerms")) {
        const auto expressions = listed(term, "matchExpressions");
        if (!expressions.empty()) all.push_back(fmt::format("MatchExpressions: [{}]", expressions));
        const auto fields = listed(term, "matchFields");
        if (!fields.empty()) all.push_back(fmt::format("MatchFields: [{}]", fields));
    }
    return join(all, ",");
}

constexpr Column cluster_cidr[] = {
    {"NAME", name},
    {"PERNODEHOSTBITS", number_at, "spec.perNodeHostBits"},
    {"IPV4", text_or_none, "spec.ipv4"},
    {"IPV6", text_or_none, "spec.ipv6"},
    {"AGE", age_at, created},
    {"NODESELECTOR", node_selector, "spec.nodeSelector", wide},
};

constexpr Column service_cidr[] = {
    {"NAME", name},
    {"CIDRS", list_at, "spec.cidrs"},
    {"AGE", age_at, created},
};

std::string parent(const Subject& subject, std::string_view path) {
    const auto* parent = at(subject.object, path);
    if (!parent || !parent->is_object()) return "<none>";
    const auto group = parent->text("group"), space = parent->text("namespace");
    auto text = lower(parent->text("resource"));
    if (!group.empty()) text += "." + lower(group);
    if (!space.empty()) text += fmt::format("/{}", space);
    return text + fmt::format("/{}", parent->text("name"));
}

constexpr Column ip_address[] = {
    {"NAME", name},
    {"PARENTREF", parent, "spec.parentRef"},
};

constexpr Kind kinds[] = {
    {"", "Service", service},
    {"", "Endpoints", endpoints},
    {"discovery.k8s.io", "EndpointSlice", endpoint_slice},
    {"networking.k8s.io", "Ingress", ingress},
    {"extensions", "Ingress", ingress},
    {"networking.k8s.io", "IngressClass", ingress_class},
    {"networking.k8s.io", "NetworkPolicy", network_policy},
    {"networking.k8s.io", "ClusterCIDR", cluster_cidr},
    {"networking.k8s.io", "ServiceCIDR", service_cidr},
    {"networking.k8s.io", "IPAddress", ip_address},
};

}  // namespace

std::span<const Kind> network() {
    return kinds;
}

}  // namespace salvor::table
