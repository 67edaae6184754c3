#include "core/cluster/object_key.hpp"

#include <algorithm>

namespace salvor::cluster {
namespace {

/// Of a custom resource without its CRD: what stands behind group/plural.
Bytes behind_two(Bytes below) {
    for (int segment = 0; segment < 2 && !below.empty(); ++segment) {
        const auto slash = below.find('/');
        below = slash == Bytes::npos ? Bytes{} : below.substr(slash + 1);
    }
    return below;
}

ObjectKey split(const ResourceType* type, bool namespaced, Bytes rest) {
    ObjectKey key{type, {}, rest};
    const auto slash = rest.find('/');
    if (!namespaced || slash == Bytes::npos) return key;
    key.namespace_name = rest.substr(0, slash);
    key.name = rest.substr(slash + 1);
    return key;
}

}  // namespace

ObjectKey parse_key(const Catalog& catalog, Bytes below) {
    if (const auto* type = catalog.at_key(below)) {
        return parse_rest(*type, below.substr(std::min(type->key_prefix.size() + 1, below.size())));
    }
    return split(nullptr, true, behind_two(below));
}

ObjectKey parse_rest(const ResourceType& type, Bytes rest) {
    return split(&type, type.namespaced, rest);
}

}  // namespace salvor::cluster
