#pragma once

#include <functional>

#include "formats/bbolt/database.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::verify {

/// A row while its bucket is walked; valid during the call it is given to.
struct BucketRow {
    const bbolt::Database& db;
    Bytes bucket;
    const bbolt::Leaves& leaves;
    const bbolt::PageView& leaf;
    std::size_t index;
    bbolt::LeafEntry entry;

    /// Page, path, bucket and key; the offset is that of the key's first byte.
    Place place() const;
};

/// Calls `each(const BucketRow&)` for every row that can be reached, in order. What cannot be read
/// is passed over in silence: the structure's check has told it.
template <class Each>
void for_each_row(const bbolt::Database& db, Bytes name, const bbolt::Bucket& bucket, Each&& each) {
    bbolt::Leaves leaves(db, bucket, [](const Problem&) {});
    for (;;) {
        const auto leaf = leaves.next();
        if (!leaf || !*leaf) return;
        for (std::size_t i = 0; i < (*leaf)->count(); ++i) {
            each(BucketRow{db, name, leaves, **leaf, i, (*leaf)->leaf(i)});
        }
    }
}

}  // namespace salvor::verify
