#pragma once

#include <optional>
#include <string>

#include "formats/bbolt/database.hpp"

namespace salvor::restore {

/// Where Kubernetes keeps its objects, "/registry" mostly; nullopt where it has none here. It is
/// known by the namespace that no cluster is without, kube-system, live or not. Error: malformed.
Result<std::optional<std::string>> kubernetes_prefix(const bbolt::Database& db);

}  // namespace salvor::restore
