#pragma once

#include <string>
#include <vector>

#include "core/verify/lineage.hpp"

// What verify found, as an operator reads it: the verdict first, then the findings, worst first.

namespace salvor::report {

std::string verify_text(const std::string& source, const verify::Report& report);

/// A line each, then which is the newest good one, or why none is named.
std::string verify_text(const std::vector<verify::Verified>& sources);

std::string rules_text(const std::vector<verify::Rule>& rules);

}  // namespace salvor::report
