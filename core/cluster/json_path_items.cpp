#include <algorithm>

#include "core/cluster/json_path.hpp"

// Templates that look at a List's items one after another, which need not all be there at once.

namespace salvor::cluster {
namespace {

using Node = JsonPath::Node;
using Nodes = JsonPath::Nodes;
using Kind = Node::Kind;

bool is(const Nodes& nodes, std::size_t at, Kind kind) {
    return at < nodes.size() && nodes[at].kind == kind;
}

/// Steps that make of each value what they would make of it alone.
bool is_of_one(const Node& node) {
    return node.kind == Kind::field || node.kind == Kind::slice || node.kind == Kind::filter ||
           node.kind == Kind::wildcard || node.kind == Kind::recursive;
}

/// `[*]`, which is kept as a slice without bounds, `.*` or `[?(...)]`.
bool goes_over_all(const Node& node) {
    if (node.kind != Kind::slice) return node.kind == Kind::wildcard || node.kind == Kind::filter;
    return !node.is_index && std::none_of(node.bounds.begin(), node.bounds.end(),
                                          [](const auto& bound) { return bound.has_value(); });
}

/// `.items[*]` or `.items[?(...)]`, and what each item is asked for.
bool goes_over_items(const Nodes& nodes) {
    const std::size_t at = is(nodes, 0, Kind::range) ? 1 : 0;
    return is(nodes, at, Kind::field) && nodes[at].text == "items" && nodes.size() > at + 1 &&
           goes_over_all(nodes[at + 1]) &&
           std::all_of(nodes.begin() + static_cast<std::ptrdiff_t>(at), nodes.end(), is_of_one);
}

bool is_text(const Nodes& nodes) {
    return nodes.size() == 1 && nodes.front().kind == Kind::text;
}

}  // namespace

bool JsonPath::asks_for_items() const {
    return goes_over_items(actions_.front());
}

std::optional<std::vector<JsonPath>> JsonPath::by_items() const {
    std::vector<JsonPath> parts;
    std::size_t open = 0;  // ranges within each other
    for (const auto& nodes : actions_) {
        const bool is_range = is(nodes, 0, Kind::range), is_end = is(nodes, 0, Kind::end);
        if (open == 0) {
            if (is_end || !(is_text(nodes) || goes_over_items(nodes))) return {};
            parts.emplace_back();
        }
        parts.back().actions_.push_back(nodes);
        if (is_range) ++open;
        if (is_end) --open;
    }
    if (open > 0 || parts.empty()) return {};
    return parts;
}

}  // namespace salvor::cluster
