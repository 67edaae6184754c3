#pragma once

#include <vector>

#include "core/timeline/carved.hpp"
#include "tools/salvor/cluster_views.hpp"

namespace salvor::tool {

/// --carved: what no file keeps, too.
void add_carved(CLI::App& app, bool& carved);

/// What is left in the files of rows that none of them keeps, each once, ascending by revision;
/// views into them. Errors: malformed.
Result<std::vector<timeline::Carved>> carve_all(const ClusterViews& all);

}  // namespace salvor::tool
