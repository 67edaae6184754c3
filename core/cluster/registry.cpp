#include "core/cluster/registry.hpp"

#include <algorithm>

#include "formats/kube/stored.hpp"

namespace salvor::cluster {
namespace {

/// Keys that every kube-apiserver of its kind writes in its first minutes.
constexpr std::string_view landmarks[] = {"namespaces/default",        "namespaces/kube-system", "ranges/serviceips",
                                          "ranges/servicenodeports",   "services/specs/default/kubernetes", "masterleases/",
                                          "apiregistration.k8s.io/apiservices/v1.", "oauth/clients/", "useridentities/"};

}  // namespace

void Registry::look_at(Bytes key, Bytes value) {
    for (const auto landmark : landmarks) {
        const auto at = key.find(landmark);
        if (at == Bytes::npos || at == 0 || key[at - 1] != '/') continue;
        const bool whole = landmark.back() == '/' || landmark.back() == '.' || at + landmark.size() == key.size();
        if (!whole || kube::encoding_of(value) == kube::Encoding::unknown) continue;
        const std::string prefix(key.substr(0, at));
        const auto place = std::lower_bound(prefixes_.begin(), prefixes_.end(), prefix);
        if (place == prefixes_.end() || *place != prefix) prefixes_.insert(place, prefix);
        return;
    }
}

std::optional<std::string_view> Registry::below(Bytes key) const {
    std::optional<std::string_view> best;
    for (const auto& prefix : prefixes_) {
        // Of prefixes within each other the longest is the one.
        if (key.starts_with(prefix) && (!best || key.size() - prefix.size() < best->size())) best = key.substr(prefix.size());
    }
    return best;
}

ObjectKey parse_key(const Catalog& catalog, std::string_view below_prefix) {
    ObjectKey key;
    key.type = catalog.at_key(below_prefix);
    std::string_view rest = below_prefix;
    bool namespaced = false;
    if (key.type) {
        rest.remove_prefix(std::min(key.type->key_prefix.size() + 1, rest.size()));
        namespaced = key.type->namespaced;
    } else {
        // Of a custom resource without its CRD: group/plural/[namespace/]name.
        for (int segment = 0; segment < 2 && !rest.empty(); ++segment) {
            const auto slash = rest.find('/');
            rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        }
        namespaced = rest.find('/') != std::string_view::npos;
    }
    const auto slash = rest.find('/');
    if (namespaced && slash != std::string_view::npos) {
        key.namespace_name = rest.substr(0, slash);
        rest.remove_prefix(slash + 1);
    }
    key.name = rest;
    return key;
}

std::string_view known_key(Bytes key) {
    if (key == "compact_rev_key") return "kube-apiserver's compaction bookkeeping";
    if (key.starts_with("/bootstrap/")) return "k3s' bootstrap data";
    return {};
}

}  // namespace salvor::cluster
