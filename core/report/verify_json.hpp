#pragma once

#include <string>
#include <vector>

#include "core/verify/lineage.hpp"

// What verify found, as JSON. The names are part of the product and do not change once released.

namespace salvor::report {

/// One line, without a line feed: {"backup","cluster","layers","findings","counts"}.
std::string verify_json(const verify::Report& report);

/// {"sources":[{"source",...}],"newestGood"}: null where there is none, or the lineages differ.
std::string verify_json(const std::vector<verify::Verified>& sources);

/// {"rules":[{"rule","layer","severity","what","remedy"}]}
std::string rules_json(const std::vector<verify::Rule>& rules);

}  // namespace salvor::report
