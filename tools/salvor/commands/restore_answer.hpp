#pragma once

#include <optional>

#include "core/restore/explain.hpp"
#include "core/restore/restore.hpp"
#include "core/verify/verify.hpp"

// The plan and the result of `salvor restore`, in words and as JSON.

namespace salvor::tool::restore {

struct Answered {
    const Snapshot& snapshot;
    const salvor::restore::Plan& plan;
    const salvor::restore::Decision& decision;
    const salvor::restore::Explanation& said;
    const verify::Report& report;
    bool dry_run;
};

void print_text(const Answered& answered);
void print_json(const Answered& answered);

}  // namespace salvor::tool::restore
