#include "core/cluster/key_filter.hpp"

namespace salvor::cluster {

KeyFilter::KeyFilter(const Cluster& cluster, const Query& query)
    : cluster_(cluster), query_(query) {
    for (const auto& prefix : cluster.registry().prefixes()) {
        for (const auto& target : query.targets) {
            auto start = fmt::format("{}/{}/", prefix, target.type->key_prefix);
            if (target.type->namespaced && !query.namespace_name.empty())
                start += query.namespace_name + "/";
            starts_.push_back({std::move(start), &target});
        }
    }
}

bool KeyFilter::holds(Bytes key) const {
    if (!query_.raw_key.empty()) return key == query_.raw_key;
    if (query_.targets.empty()) return is_any(key);
    return std::any_of(starts_.begin(), starts_.end(), [&](const Start& start) {
        return key.starts_with(start.text) && is_named(key, *start.target);
    });
}

bool KeyFilter::is_named(Bytes key, const Target& target) {
    if (target.names.empty()) return true;
    const auto name = key.substr(key.rfind('/') + 1);
    return std::find(target.names.begin(), target.names.end(), name) != target.names.end();
}

bool KeyFilter::is_any(Bytes key) const {
    const auto below = cluster_.registry().below(key);
    if (!below) return false;
    const auto parsed = parse_key(cluster_.catalog(), *below);
    // What an apiserver keeps for itself is no object.
    if (parsed.name.empty() || (parsed.type && parsed.type->plural.empty())) return false;
    if (query_.namespace_name.empty() || parsed.namespace_name == query_.namespace_name)
        return true;
    return query_.with_namespace && parsed.type && parsed.type->full_name() == "namespaces" &&
           parsed.name == query_.namespace_name;
}

}  // namespace salvor::cluster
