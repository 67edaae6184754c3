#include "core/cluster/registry_key.hpp"

#include <algorithm>
#include <array>

#include "formats/kube/schema/table.hpp"

namespace salvor::cluster {
namespace {

constexpr Bytes kube_system_key = "/namespaces/kube-system";

/// Every apiserver of its kind writes these in its first minutes, and never deletes them.
constexpr std::array<Bytes, 5> landmarks{
    kube_system_key, "/namespaces/default", "/services/specs/default/kubernetes",
    // oauth-apiserver, openshift-apiserver
    "/oauth/clients/openshift-browser-client", "/oauth/clients/openshift-challenging-client"};

constexpr bool ends_a_landmark(char c) {
    return c == 'm' || c == 't' || c == 's';
}
static_assert(std::all_of(landmarks.begin(), landmarks.end(),
                          [](Bytes landmark) { return ends_a_landmark(landmark.back()); }));

/// The row of the table whose place is `below`'s first segment, or its first two.
const kube::schema::ResourceRow* row_at(Bytes below) {
    const auto rows = kube::schema::resources();
    const auto slash = below.find('/');
    for (const auto end : {slash, below.find('/', slash == Bytes::npos ? slash : slash + 1)}) {
        const auto place = below.substr(0, end);
        const auto found =
            std::lower_bound(rows.begin(), rows.end(), place,
                             [](const auto& row, Bytes name) { return row.key_prefix < name; });
        if (found != rows.end() && found->key_prefix == place) return &*found;
    }
    return nullptr;
}

/// Whether a prefix lies within another one.
bool is_within(Bytes inner, Bytes outer) {
    return below_prefix(inner, outer).has_value();
}

}  // namespace

std::optional<Bytes> prefix_by_kube_system(Bytes key) {
    if (!key.ends_with(kube_system_key)) return {};
    return key.substr(0, key.size() - kube_system_key.size());
}

std::optional<Bytes> prefix_by_landmark(Bytes key) {
    // Asked of every key there is: most are told by their last letter.
    if (key.empty() || !ends_a_landmark(key.back())) return {};
    for (const auto landmark : landmarks) {
        if (key.ends_with(landmark)) return key.substr(0, key.size() - landmark.size());
    }
    return {};
}

std::optional<Bytes> below_prefix(Bytes key, Bytes prefix) {
    if (!key.starts_with(prefix) || key.size() <= prefix.size() || key[prefix.size()] != '/')
        return {};
    return key.substr(prefix.size() + 1);
}

std::optional<std::string> resource_of(Bytes below) {
    const auto slash = below.find('/');
    if (slash == Bytes::npos || slash == 0) return {};
    if (const auto* row = row_at(below)) {
        return row->resource.empty() ? std::nullopt : std::optional(std::string(row->resource));
    }
    const auto first = below.substr(0, slash);
    if (first.find('.') == Bytes::npos) return std::string(first);
    // A built-in plural never has a dot, the group of a custom resource always has one.
    const auto rest = below.substr(slash + 1);
    const auto second = rest.find('/');
    if (second == Bytes::npos || second == 0) return {};
    return std::string(rest.substr(0, second)).append(".").append(first);
}

/// A namespace may be called "namespaces" and hold an object "default", so what lies within a
/// prefix is none.
void Registry::add(Bytes prefix) {
    for (const auto& known : prefixes_) {
        if (prefix == known || is_within(prefix, known)) return;
    }
    std::erase_if(prefixes_, [&](const std::string& known) { return is_within(known, prefix); });
    prefixes_.insert(std::upper_bound(prefixes_.begin(), prefixes_.end(), prefix),
                     std::string(prefix));
}

std::optional<Bytes> Registry::below(Bytes key) const {
    for (const auto& prefix : prefixes_) {
        if (const auto below = below_prefix(key, prefix)) return below;
    }
    return {};
}

Bytes without_token(Bytes key) {
    constexpr Bytes tokens = "/oauth/";
    const auto at = key.find(tokens);
    return key.substr(0, at == Bytes::npos ? key.size() : at + tokens.size());
}

Bytes known_key(Bytes key) {
    if (key == "compact_rev_key") return "kube-apiserver's compaction bookkeeping";
    if (key.starts_with("/bootstrap/")) return "k3s' bootstrap data";
    return {};
}

}  // namespace salvor::cluster
