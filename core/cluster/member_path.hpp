#pragma once

#include <string>
#include <string_view>

namespace salvor::cluster {

/// Appends a member's name to the path of what it is in, as jsonpath has it: `spec.replicas`,
/// `metadata.labels["a.b/c"]`. A name at the top stands without a dot.
void append_member(std::string& path, std::string_view name);

}  // namespace salvor::cluster
