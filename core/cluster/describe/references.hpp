#pragma once

#include <string>
#include <vector>

#include "core/cluster/catalog.hpp"

namespace salvor::describe {

/// An object that another one names.
struct Reference {
    const cluster::ResourceType* type;  ///< nullptr: of a kind that nobody knows here
    std::string kind;
    std::string namespace_name;  ///< empty: cluster-scoped
    std::string name;
    bool operator==(const Reference&) const = default;
};

/// What an object mounts, runs as, is bound to or sends to: by name, each once, in the order of
/// kinds below. `object`: as a server would serve it.
std::vector<Reference> references(const kube::Value& object, const cluster::Catalog& catalog);

}  // namespace salvor::describe
