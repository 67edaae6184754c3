#pragma once

#include <span>

#include "core/timeline/state.hpp"

namespace salvor::timeline {

/// Sorts entries ascending by their keys, all different. Keys are mostly alike for long and lie far
/// apart in the file, so each is read as rarely as can be: eight bytes at a time, and only where
/// eight bytes were equal.
void sort_by_key(const bbolt::Database& db, std::span<State::Entry> entries);

}  // namespace salvor::timeline
