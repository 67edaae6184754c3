#pragma once

#include <functional>
#include <vector>

#include "formats/bbolt/database.hpp"

namespace salvor::timeline {

/// The parts of a tree, in order, by whole subtrees: at least `wanted` where the tree has so many
/// pages. Errors: malformed.
Result<std::vector<bbolt::Bucket>> subtrees(const bbolt::Database& db, const bbolt::Bucket& bucket,
                                            std::size_t wanted);

/// So many that no thread waits long for the last one.
constexpr std::size_t wanted_parts = 64;

/// Calls `work` with the number of each part, in this thread and in others beside it as far as there
/// are cores; ends when all are done. Parts are begun in their order.
void side_by_side(std::size_t parts, const std::function<void(std::size_t)>& work);

}  // namespace salvor::timeline
