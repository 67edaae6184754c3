#include <algorithm>
#include <array>

#include "core/cluster/describe/parts.hpp"

// What is kept from happening: NetworkPolicy, PodDisruptionBudget.

namespace salvor::describe {
namespace {

constexpr std::string_view indent = "    ";
constexpr std::uint8_t port_ranges_since = 31;

/// One of the two directions of traffic.
struct Direction {
    std::string_view field, type, word, peers, peer, end;
};
constexpr Direction ingress{"spec.ingress", "Ingress", "ingress", "from", "From", "source"};
constexpr Direction egress{"spec.egress", "Egress", "egress", "to", "To", "destination"};

void policy_port(const Subject& subject, Writer& out, const Value& port) {
    const auto protocol = port.text("protocol").empty() ? "TCP" : port.text("protocol");
    // A port that is not set prints as Go prints a nil pointer.
    const auto number = has(port, "port") ? text_at(port, "port") : "<nil>";
    if (has(port, "endPort") && subject.release >= port_ranges_since) {
        out.write(0, "{}To Port Range: {}-{}/{}\n", indent, number, number_at(port, "endPort"),
                  protocol);
    } else {
        out.write(0, "{}To Port: {}/{}\n", indent, number, protocol);
    }
}

void policy_peer(Writer& out, const Direction& direction, const Value& peer) {
    out.write(0, "{}{}:\n", indent, direction.peer);
    bool by_selector = false;
    for (const auto& [field, title] : {std::pair{"namespaceSelector", "NamespaceSelector"},
                                       std::pair{"podSelector", "PodSelector"}}) {
        if (!has(peer, field)) continue;
        by_selector = true;
        out.write(1, "{}{}: {}\n", indent, title, selector_at(peer, field));
    }
    const auto* block = peer.find("ipBlock");
    if (by_selector || !block) return;
    out.write(1, "{}IPBlock:\n", indent);
    out.write(2, "{}CIDR: {}\n", indent, block->text("cidr"));
    out.write(2, "{}Except: {}\n", indent, joined_at(*block, "except", ", "));
}

void policy_rules(const Subject& subject, Writer& out, const Direction& direction) {
    const auto& policy = subject.object;
    const auto types = texts_at(policy, "spec.policyTypes");
    if (std::find(types.begin(), types.end(), direction.type) == types.end())
        return out.write(1, "Not affecting {} traffic\n", direction.word);
    out.write(1, "Allowing {} traffic:\n", direction.word);
    const auto rules = items_at(policy, direction.field);
    if (rules.empty()) {
        return out.write(0, "{}<none> (Selected pods are isolated for {} connectivity)\n", indent,
                         direction.word);
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (i > 0) out.write(0, "{}----------\n", indent);
        const auto ports = items_at(rules[i], "ports");
        if (ports.empty())
            out.write(0, "{}To Port: <any> (traffic allowed to all ports)\n", indent);
        for (const auto& port : ports) policy_port(subject, out, port);
        const auto peers = items_at(rules[i], direction.peers);
        if (peers.empty()) {
            out.write(0, "{}{}: <any> (traffic not restricted by {})\n", indent, direction.peer,
                      direction.end);
        }
        for (const auto& peer : peers) policy_peer(out, direction, peer);
    }
}

/// As Go's Time prints itself: 2026-11-23 08:50:09 +0000 UTC.
std::string go_time(const Value* time) {
    const auto instant = table::time_of(time).value_or(kube::Instant{kube::zero_time_seconds});
    auto text = kube::rfc3339({instant.seconds, 0}).value_or("");
    if (const auto t = text.find('T'); t != std::string::npos) text[t] = ' ';
    if (text.ends_with('Z')) text.pop_back();
    return text + " +0000 UTC";
}

void describe_network_policy(const Subject& subject, Writer& out) {
    const auto& policy = subject.object;
    name_and_namespace(subject, out);
    out.write(0, "Created on:\t{}\n", go_time(at(policy, "metadata.creationTimestamp")));
    labels_and_annotations(subject, out);
    out.write(0, "Spec:\n");
    out.write(1, "PodSelector: ");
    const auto* selector = at(policy, "spec.podSelector");
    const bool selects_all =
        !selector || table::selector_text(selector) == std::optional<std::string>("");
    if (selects_all) {
        out.write(2, "<none> (Allowing the specific traffic to all pods in this namespace)\n");
    } else {
        out.write(2, "{}\n", selector_at(policy, "spec.podSelector"));
    }
    policy_rules(subject, out, ingress);
    policy_rules(subject, out, egress);
    out.write(1, "Policy Types: {}\n", or_none(joined_at(policy, "spec.policyTypes", ", ")));
}

void describe_disruption_budget(const Subject& subject, Writer& out) {
    const auto& budget = subject.object;
    name_and_namespace(subject, out);
    if (has(budget, "spec.minAvailable")) {
        out.write(0, "Min available:\t{}\n", text_at(budget, "spec.minAvailable"));
    } else if (has(budget, "spec.maxUnavailable")) {
        out.write(0, "Max unavailable:\t{}\n", text_at(budget, "spec.maxUnavailable"));
    }
    out.write(0, "Selector:\t{}\n",
              has(budget, "spec.selector") ? selector_at(budget, "spec.selector") : "<unset>");
    out.write(0, "Status:\n");
    static constexpr std::array counts{
        std::pair{"Allowed disruptions", "status.disruptionsAllowed"},
        std::pair{"Current", "status.currentHealthy"},
        std::pair{"Desired", "status.desiredHealthy"}, std::pair{"Total", "status.expectedPods"}};
    for (const auto& [title, path] : counts)
        out.write(2, "{}:\t{}\n", title, number_at(budget, path));
}

}  // namespace

std::span<const Kind> policies() {
    static constexpr std::array kinds{
        Kind{"networking.k8s.io", "NetworkPolicy", describe_network_policy, Events::none},
        Kind{"policy", "PodDisruptionBudget", describe_disruption_budget},
    };
    return kinds;
}

}  // namespace salvor::describe
