#pragma once

#include <optional>
#include <string>

#include "formats/bbolt/database.hpp"

namespace salvor::restore {

/// verify::Report's kubernetes_prefix as far as the oldest rows tell it: a cluster makes
/// kube-system in its first minute and hardly ever changes it. Error: malformed.
Result<std::optional<std::string>> likely_kubernetes_prefix(const bbolt::Database& db);

}  // namespace salvor::restore
