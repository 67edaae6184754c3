#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/finding/finding.hpp"
#include "core/verify/verify.hpp"

// What verify found, as JSON. The names are part of the product and do not change once released.

namespace salvor::report {

/// One line, without a line feed: {"backup","cluster","layers","findings","counts"}.
std::string verify_json(const verify::Report& report);

/// A source among several: its document, or why there is none.
struct VerifiedSource {
    std::string source;
    std::optional<verify::Report> report;
    std::optional<Error> error;
    std::size_t lineage =
        0;  ///< sources with one number are of one cluster's history; 0: not known
};
/// {"sources":[{"source",...}],"newestGood"}: null where there is none, or the lineages differ.
std::string verify_json(const std::vector<VerifiedSource>& sources,
                        const std::optional<std::string>& newest_good);

/// {"rules":[{"rule","layer","severity","what","remedy"}]}
std::string rules_json(const std::vector<verify::Rule>& rules);

}  // namespace salvor::report
