#pragma once

#include <functional>
#include <vector>

#include "core/recover/area.hpp"
#include "core/recover/row.hpp"
#include "formats/bbolt/database.hpp"

namespace salvor::recover {

/// A stretch of the file and what it turned out to be.
struct Mark {
    std::uint64_t offset, size;
    std::uint64_t bytes_read;  ///< of a damaged page; of a sound one all
    Use use;
};

/// The `key` bucket as a tree has it.
struct Tree {
    std::vector<SoundLeaf> leaves;  ///< ascending
    std::vector<FoundRow> rows;     ///< of damaged leaves, ascending; none lies within a sound leaf
    std::vector<Gap> gaps;          ///< ascending
    std::vector<Mark> marks;
    std::vector<Area::Span> unread;
    std::uint64_t sound_rows = 0;
    std::uint64_t damaged_pages = 0;
    etcd::Revision head;  ///< of the last row

    bool empty() const { return leaves.empty() && rows.empty(); }
};

/// Walks what hangs below a bucket's root as far as it holds together. A page counts where its rows
/// lie between its branch key and the next one, also where it bears another id, or lies elsewhere.
Tree walk_tree(const Area& area, const bbolt::Bucket& bucket);

/// For a bucket whose root is not known, or lost: the branch that no other names, and below which
/// the newest row hangs.
Tree find_tree(const Area& area);

/// Calls each(row) for every row of the tree, ascending, with those of `more` in their places.
void for_each_row(const Area& area, const Tree& tree, const std::vector<FoundRow>& more,
                  const std::function<void(const FoundRow&)>& each);

/// The row of this revision in the tree itself.
std::optional<FoundRow> row_of(const Area& area, const Tree& tree, etcd::Revision revision);

}  // namespace salvor::recover
