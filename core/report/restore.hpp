#pragma once

#include <string>

#include "core/restore/explain.hpp"
#include "core/restore/restore.hpp"
#include "core/verify/verify.hpp"

// The plan and the result of a restore, in words and as JSON.

namespace salvor::report {

enum class Restoring { planned, done };

struct Restored {
    Restoring state;
    const Snapshot& snapshot;
    const restore::Plan& plan;
    const restore::Explanation& said;
    const verify::Report& report;
};

std::string restore_text(const Restored& restored);
/// One document, names as restore.md lists them, with a line feed.
std::string restore_json(const Restored& restored);

}  // namespace salvor::report
