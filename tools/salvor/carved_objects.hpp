#pragma once

#include <string>
#include <vector>

#include "core/recover/carve.hpp"
#include "core/report/objects.hpp"
#include "tools/salvor/cluster_view.hpp"

namespace salvor::tool {

/// Prints carved rows as the Kubernetes objects that they are, by get's own printer; of YAML each
/// behind a line that says where it was found. What is none is counted on stderr. False: one could
/// not be read, or there was none.
Result<bool> print_carved_objects(const ClusterView& view, const recover::Recovery& recovery,
                                  const std::vector<recover::CarvedRow>& rows,
                                  report::ObjectFormat format, bool show_secrets);

}  // namespace salvor::tool
