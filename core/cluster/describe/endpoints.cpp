#include "core/cluster/describe/endpoints.hpp"

namespace salvor::describe {
namespace {

/// Addresses as they are counted and, the first of them, listed.
class Addresses {
 public:
    /// `is_ready`: others are not listed, but may be why the list is cut.
    void add(std::string text, bool is_ready) {
        constexpr std::size_t most = 3;
        if (listed_.size() == most) is_cut_ = true;
        if (!is_ready) return;
        if (!is_cut_) listed_.push_back(std::move(text));
        ++count_;
    }
    std::string text() const {
        const auto list = table::join(listed_, ",");
        return is_cut_ ? fmt::format("{} + {} more...", list, count_ - listed_.size()) : list;
    }

 private:
    std::vector<std::string> listed_;
    std::size_t count_ = 0;
    bool is_cut_ = false;
};

std::string with_port(std::string_view host, const Value& port) {
    const bool is_ipv6 = host.find(':') != std::string_view::npos;
    return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
                       number_at(port, "port"));
}

void add_slice(const Value& slice, std::string_view port_name, Addresses& addresses) {
    const auto each = [&](auto&& text_of_host) {
        for (const auto& endpoint : items_at(slice, "endpoints")) {
            const auto hosts = texts_at(endpoint, "addresses");
            if (hosts.empty()) continue;
            const bool is_ready =
                !has(endpoint, "conditions.ready") || is_true(endpoint, "conditions.ready");
            addresses.add(text_of_host(hosts.front()), is_ready);
        }
    };
    const auto ports = items_at(slice, "ports");
    if (ports.empty()) each([](const std::string& host) { return host; });
    for (const auto& port : ports) {
        if (port.text("name") != port_name) continue;
        each([&](const std::string& host) { return with_port(host, port); });
    }
}

void add_subset(const Value& subset, std::string_view port_name, Addresses& addresses) {
    const auto ports = items_at(subset, "ports");
    const auto hosts = items_at(subset, "addresses");
    if (ports.empty()) {
        for (const auto& host : hosts) addresses.add(text_at(host, "ip"), true);
    }
    for (const auto& port : ports) {
        if (port.text("name") != port_name) continue;
        for (const auto& host : hosts) addresses.add(with_port(host.text("ip"), port), true);
    }
}

std::string address_list(const Value& subset, std::string_view field) {
    std::vector<std::string> all;
    for (const auto& address : items_at(subset, field)) all.emplace_back(address.text("ip"));
    return or_none(table::join(all, ","));
}

void endpoint(Writer& out, const Value& endpoint) {
    const auto or_absent = [&](std::string_view path) {
        return has(endpoint, path) ? text_at(endpoint, path) : "<unset>";
    };
    out.write(1, "- Addresses:\t{}\n", or_none(joined_at(endpoint, "addresses", ", ")));
    out.write(2, "Conditions:\n");
    out.write(3, "Ready:\t{}\n", or_absent("conditions.ready"));
    out.write(2, "Hostname:\t{}\n", or_absent("hostname"));
    if (const auto* target = endpoint.find("targetRef"))
        out.write(2, "TargetRef:\t{}/{}\n", target->text("kind"), target->text("name"));
    out.write(2, "NodeName:\t{}\n", or_absent("nodeName"));
    out.write(2, "Zone:\t{}\n", or_absent("zone"));
}

}  // namespace

std::string endpoints_of(const Subject& subject, std::string_view namespace_name,
                         std::string_view service, std::string_view port_name) {
    Addresses addresses;
    bool any = false;
    if (subject.release >= slices_are_asked_since) {
        subject.around.each(
            "endpointslices.discovery.k8s.io", namespace_name, [&](const Value& slice) {
                const auto* labels = at(slice, "metadata.labels");
                if (!labels || labels->text("kubernetes.io/service-name") != service) return;
                any = true;
                add_slice(slice, port_name, addresses);
            });
    } else {
        subject.around.with("endpoints", namespace_name, service, [&](const Value& endpoints) {
            for (const auto& subset : items_at(endpoints, "subsets")) {
                any = true;
                add_subset(subset, port_name, addresses);
            }
        });
    }
    return any ? addresses.text() : "<none>";
}

void describe_endpoints(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Subsets:\n");
    for (const auto& subset : items_at(subject.object, "subsets")) {
        out.write(1, "Addresses:\t{}\n", address_list(subset, "addresses"));
        out.write(1, "NotReadyAddresses:\t{}\n", address_list(subset, "notReadyAddresses"));
        const auto ports = items_at(subset, "ports");
        if (!ports.empty()) {
            out.write(1, "Ports:\n");
            out.write(2, "Name\tPort\tProtocol\n");
            out.write(2, "----\t----\t--------\n");
        }
        for (const auto& port : ports) {
            out.write(2, "{}\t{}\t{}\n", or_unset(text_at(port, "name")), number_at(port, "port"),
                      port.text("protocol"));
        }
        out.write(0, "\n");
    }
}

void describe_endpoint_slice(const Subject& subject, Writer& out) {
    const auto& slice = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "AddressType:\t{}\n", text_at(slice, "addressType"));
    const auto ports = items_at(slice, "ports");
    out.write(0, "Ports:{}\n", ports.empty() ? " <unset>" : "");
    if (!ports.empty()) {
        out.write(1, "Name\tPort\tProtocol\n");
        out.write(1, "----\t----\t--------\n");
    }
    for (const auto& port : ports) {
        out.write(1, "{}\t{}\t{}\n", or_unset(text_at(port, "name")),
                  or_unset(text_at(port, "port")), port.text("protocol"));
    }
    const auto endpoints = items_at(slice, "endpoints");
    out.write(0, "Endpoints:{}\n", endpoints.empty() ? " <none>" : "");
    for (const auto& one : endpoints) endpoint(out, one);
}

}  // namespace salvor::describe
