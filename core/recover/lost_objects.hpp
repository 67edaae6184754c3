#pragma once

#include <map>
#include <string>

#include "core/recover/recovery.hpp"

namespace salvor::recover {

/// Lost rows whose keys can be read, summed by what Kubernetes keeps there.
struct LostObjects {
    std::map<std::string, std::uint64_t> by_kind;       ///< "deployments.apps"
    std::map<std::string, std::uint64_t> by_namespace;  ///< empty: of none
    std::uint64_t other_keys = 0;                       ///< that are none of Kubernetes'
    std::uint64_t unnamed = 0;                          ///< rows, at least, of which no key is left
};

/// nullopt: nothing is lost, or what is left is no Kubernetes.
std::optional<LostObjects> lost_objects(const Recovery& recovery);

}  // namespace salvor::recover
