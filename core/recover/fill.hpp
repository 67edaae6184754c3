#pragma once

#include <vector>

#include "core/recover/tree.hpp"

namespace salvor::recover {

/// Up to which revision rows may be gone because nobody needed them any more.
struct Compaction {
    std::int64_t at = -1;  ///< the later of scheduled and finished; -1: there was none
    bool known = false;    ///< by the bucket `meta` of the root that counts
};

/// Rows for the gaps of a tree out of pages that nothing names any more. A row never changes, and
/// above the compaction none is ever removed: there a copy is as good as the row, wherever it is
/// found. Below it a copy may be of a row that was compacted away. That it was is told by
///
/// - a sound page that has the revisions around it and not the row;
/// - a newer row of its key up to the compaction;
/// - the key's next row, which says that it follows another one.
///
/// Such rows are not given back. Those of which nothing tells are marked as uncertain, unless the
/// gap's page says how many it had, or the key's next row that it follows this one.
std::vector<FoundRow> fill_gaps(const Area& area, const Tree& tree, const std::vector<Gap>& gaps,
                                const Compaction& compaction);

}  // namespace salvor::recover
