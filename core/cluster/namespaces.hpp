#pragma once

#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"

namespace salvor::cluster {

/// The names of the Namespaces at the revision that is shown, sorted. Reads keys alone.
/// Errors: malformed.
Result<std::vector<std::string>> namespace_names(const Cluster& cluster);

}  // namespace salvor::cluster
