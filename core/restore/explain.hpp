#pragma once

#include <string>
#include <vector>

#include "core/restore/wishes.hpp"

// The plan in words, for a person whose cluster is gone.

namespace salvor::restore {

/// One sentence. `kind` is stable and goes into JSON.
struct Step {
    const char* kind;
    std::string what;
};

struct Explanation {
    std::vector<Step> effects;   ///< what is done and why, each flag and default
    std::vector<Step> warnings;  ///< what somebody has to know before or right after
    std::vector<Step> lost;      ///< what the restored cluster will not have
    std::vector<std::vector<std::string>> boot_commands;  ///< words; one for each target
    std::vector<Step> next_steps;                         ///< in order
};
Explanation explain(const Snapshot& snapshot, const Plan& plan, const Decision& decision);

/// What the checks add to the warnings, first among them.
void add_verdict(Explanation& said, const Plan& plan, const std::filesystem::path& source,
                 const verify::Report& report);

}  // namespace salvor::restore
