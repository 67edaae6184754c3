#pragma once

#include "core/audit/rights.hpp"

namespace salvor::audit {

/// Rights that a subject of bindings has at one moment and had not at the other: of one resource or
/// URL in one namespace, or in all.
struct RightsChange {
    enum class Way : std::uint8_t { gained, lost };
    Way way{};
    Subject subject;
    std::string namespace_name;  ///< empty: of the cluster
    std::string group, resource;
    std::string name;  ///< empty: of all
    std::string url;   ///< in place of a resource
    std::vector<std::string> verbs;
    const Binding* binding;  ///< the first that gives, or gave, one of them
};

/// By subject, namespace and resource. What a wildcard, a grant for the whole cluster or another
/// binding gives all the same is no change. What the controller manager has still to add counts as
/// given, so that its run is none.
std::vector<RightsChange> rights_changes(const Rights& before, const Rights& after);

}  // namespace salvor::audit
