#pragma once

#include <string>

#include "core/replay/replay.hpp"
#include "core/verify/new_snapshot.hpp"

namespace salvor::report {

/// What a replay did; `made` is nullptr where nothing was to be written.
struct Replayed {
    std::string source;
    std::string to;
    const replay::Outcome& outcome;
    const verify::MadeSnapshot* made;
};

/// `replay`: a page for people.
std::string replay_text(const Replayed& replayed);
/// `replay -o json`: one document with a line feed, names as replay.md lists them.
std::string replay_json(const Replayed& replayed);

}  // namespace salvor::report
