#include <algorithm>
#include <array>
#include <charconv>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/registry/core/service/portallocator

constexpr Rule port_twice{"node-port-twice",
                          Layer::reference,
                          Severity::warning,
                          "no two Services have one node port",
                          "one of them is not reached by it: give it another after the restore",
                          Subject::cluster};
constexpr Rule port_outside{"node-port-outside",
                            Layer::reference,
                            Severity::warning,
                            "a node port is in the cluster's range",
                            "either the apiserver was started with another "
                            "--service-node-port-range or somebody wrote past it: start it so "
                            "again, or give the Service another port",
                            Subject::cluster};
constexpr Rule port_unallocated{"node-port-unallocated",
                                Layer::reference,
                                Severity::warning,
                                "each node port is noted as given",
                                "until the apiserver's repair loop has noted it, minutes after the "
                                "restore, it may be given to a second Service",
                                Subject::cluster};
constexpr Rule port_leaked{"node-port-leaked",
                           Layer::reference,
                           Severity::note,
                           "each node port that is noted as given has its Service",
                           "the apiserver's repair loop gives it back",
                           Subject::cluster};
constexpr std::array table{port_twice, port_outside, port_unallocated, port_leaked};

struct Range {
    std::uint32_t first = 0, last = 0;
};

/// "30000-32767".
std::optional<Range> parse_range(const std::string& text) {
    Range range;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, range.first);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return {};
    const auto last = std::from_chars(first.ptr + 1, end, range.last);
    if (last.ec != std::errc{} || last.ptr != end || range.last < range.first) return {};
    return range;
}

bool is_set(const std::string& bits, std::uint32_t offset) {
    if (offset / 8 >= bits.size()) return false;
    const auto at = static_cast<unsigned char>(bits[bits.size() - 1 - offset / 8]);
    return (at >> (offset % 8) & 1) != 0;
}

}  // namespace

RuleRows node_port_rules() {
    return table;
}

void note_ports(const Referrer& referrer, const kube::Value& service, std::string_view type) {
    if (type != "NodePort" && type != "LoadBalancer") return;
    std::vector<std::uint32_t> ports;
    const auto note = [&](std::int64_t port) {
        const auto number = static_cast<std::uint32_t>(port);
        if (port <= 0 || port > 65535) return;
        // One number for TCP and for UDP is one port of the Service.
        if (std::find(ports.begin(), ports.end(), number) == ports.end()) ports.push_back(number);
    };
    for (const auto& port : table::items_at(service, "spec.ports"))
        note(table::integer_at(port, "nodePort"));
    note(table::integer_at(service, "spec.healthCheckNodePort"));
    for (const auto port : ports)
        referrer.tallies.node_ports.push_back({port, referrer.object.position});
}

void report_ports(const Tallies& tallies, const Scope& scope, Collector& findings) {
    auto used = tallies.node_ports;
    std::sort(used.begin(), used.end());
    const auto say = [&](const Rule& rule, timeline::RowPosition position, std::string message) {
        const auto object = scope.definitions().at(position);
        findings.add(rule, object.place(), fmt::format("{}: {}", object.words(), message));
    };
    for (std::size_t i = 1; i < used.size(); ++i) {
        if (used[i].port != used[i - 1].port) continue;
        const auto [older, newer] = scope.by_age(used[i - 1].position, used[i].position);
        say(port_twice, newer,
            fmt::format("{} is the node port of {}, too", used[i].port,
                        scope.definitions().at(older).words()));
    }
    for (const auto& allocation : tallies.port_allocations) {
        const auto range = parse_range(allocation.range);
        if (!range) continue;
        for (const auto& [port, position] : used) {
            if (port < range->first || port > range->last) {
                say(port_outside, position,
                    fmt::format("node port {} is not in {}", port, text::escape(allocation.range)));
            } else if (!is_set(allocation.bits, port - range->first)) {
                say(port_unallocated, position,
                    fmt::format("node port {} is free in the bits of {}", port,
                                text::escape(allocation.range)));
            }
        }
        for (std::uint32_t offset = 0; offset <= range->last - range->first; ++offset) {
            const auto port = range->first + offset;
            const auto found = std::lower_bound(used.begin(), used.end(), PortUse{port, {}});
            if (!is_set(allocation.bits, offset) || (found != used.end() && found->port == port))
                continue;
            say(port_leaked, allocation.position,
                fmt::format("{} is taken, and no Service has it", port));
        }
    }
}

}  // namespace salvor::verify
