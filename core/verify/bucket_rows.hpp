#pragma once

#include <vector>

#include "formats/bbolt/check.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::verify {

/// Where an entry of a leaf stands: page, path, bucket and key; the offset is that of the key's
/// first byte.
Place place_of(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf, std::size_t index);

/// A row while its bucket is walked; valid during the call it is given to.
struct BucketRow {
    const bbolt::Database& db;
    const bbolt::CheckedLeaf& leaf;
    std::size_t index;
    bbolt::LeafEntry entry;

    Place place() const { return place_of(db, leaf, index); }
};

/// Calls `each(const BucketRow&)` for every row that can be reached, in order; of a bucket that is
/// one page, also those beside a row that cannot be read. What is passed over the structure's check
/// tells. False where there was such.
template <class Each>
bool for_each_row(const bbolt::Database& db, const std::string& name, const bbolt::Bucket& bucket,
                  Each&& each) {
    bool complete = true;
    const auto rows_of = [&](const bbolt::PageView& page, const std::vector<std::uint64_t>& path) {
        const bbolt::CheckedLeaf leaf{page, name, path};
        for (std::size_t i = 0; i < page.count(); ++i) {
            if (page.fits(i)) {
                each(BucketRow{db, leaf, i, page.leaf(i)});
            } else {
                complete = false;
            }
        }
    };
    const auto first = bucket.is_inline()
                           ? bbolt::PageView::frame(bucket.inline_page, bucket.inline_offset)
                           : db.frame_page(bucket.root);
    if (first && first->type() == bbolt::PageType::leaf) {
        rows_of(*first, bucket.is_inline() ? std::vector<std::uint64_t>{}
                                           : std::vector{number(bucket.root)});
        return complete;
    }
    bbolt::Leaves leaves(db, bucket, [&](const Problem&) { complete = false; });
    for (;;) {
        const auto leaf = leaves.next();
        if (!leaf || !*leaf) return complete && leaf;
        rows_of(**leaf, leaves.path());
    }
}

}  // namespace salvor::verify
