#pragma once

#include <optional>
#include <vector>

#include "formats/bbolt/database.hpp"

namespace salvor::upstream {

/// Some leaves that stand beside each other in a bucket, and what their keys must lie between:
/// enough work to hand to a core, and little to remember.
struct LeafUnit {
    std::size_t bucket = 0;  ///< index into Units::buckets
    /// The branch page of the leaves; without it `only` is the leaf.
    std::optional<bbolt::PageView> parent;
    std::size_t first = 0, leaves = 1;  ///< of the parent's elements
    std::optional<bbolt::PageView> only;
    Bytes least;                 ///< every key is this or above
    std::optional<Bytes> bound;  ///< every key is below this, where it is known

    bbolt::PageId child(std::size_t i) const { return parent->branch(first + i).child; }
};

/// A database's buckets and their leaves, in order, with every branch page checked.
struct Units {
    std::vector<bbolt::NamedBucket> buckets;
    std::vector<LeafUnit> units;
    std::vector<bbolt::PageView> branches;  ///< all of them, the root bucket's too
    std::vector<bbolt::PageView> root_leaves;
};

/// Errors: malformed; a page, a key order or a depth that bbolt would not have written.
Result<Units> find_units(const bbolt::Database& db);
/// The unit's i-th leaf, checked as a page of a tree that is sound.
/// Errors: malformed; no leaf, or one without entries beside others.
Result<void> check_leaf(const bbolt::PageView& page);
Result<bbolt::PageView> unit_leaf(const bbolt::Database& db, const LeafUnit& unit, std::size_t i);
/// The least key that may stand in the unit's i-th leaf, and what all must be below.
Bytes least_key(const LeafUnit& unit, std::size_t i);
std::optional<Bytes> key_bound(const LeafUnit& unit, std::size_t i);

}  // namespace salvor::upstream
