#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/bbolt/database.hpp"
#include "formats/bbolt/page_set.hpp"

// Does this file hold together? Structure alone: what keys and values mean is not asked.

namespace salvor::bbolt {

/// How much the file is worth after a check failed. A reader of problems may think otherwise.
enum class Weight {
    lost,       ///< data cannot be reached
    misplaced,  ///< data can be read, but not be found by its key, or is perhaps not what was
                ///< written
    unsafe,     ///< all can be read, but bbolt would damage it by writing, or panic at open
    odd,        ///< bbolt does not write it so and does not mind
};

/// The one table of checks; Problem::check is one of these ids, and they do not change once
/// released.
struct Check {
    const char* id;
    Weight weight;
    const char* what;
};
inline constexpr Check checks[] = {
    {"meta-invalid", Weight::odd, "both metas are valid: magic, version, checksum"},
    {"meta-header", Weight::odd, "pages 0 and 1 bear their own id and the flag of a meta page"},
    {"meta-page-size", Weight::unsafe, "both metas name the page size that the file has"},
    {"meta-txid", Weight::odd, "the metas are one transaction apart, or the same"},
    {"high-water", Weight::unsafe, "the file is as long as the high-water mark says"},
    {"page-range", Weight::lost,
     "a page that is named lies between 2, the high-water mark and the file's end"},
    {"page-id", Weight::lost, "a page's header bears its own id"},
    {"page-type", Weight::lost,
     "a page of a tree is a branch or a leaf, the freelist's a freelist"},
    {"page-count", Weight::lost, "a page's count fits its run"},
    {"page-overflow", Weight::lost, "a page's run ends within the file and the high-water mark"},
    {"page-excess", Weight::unsafe, "a page's run is no longer than its elements need"},
    {"page-empty", Weight::lost, "no page but a bucket's root is without elements"},
    {"page-slack", Weight::odd, "what follows a page's last element is zero"},
    {"page-cycle", Weight::lost, "no page is its own ancestor"},
    {"page-shared", Weight::lost, "no page is reached twice"},
    {"page-freed", Weight::unsafe, "no page in use is in the freelist"},
    {"page-leaked", Weight::odd, "each page is in use or in the freelist, where one is stored"},
    {"tree-depth", Weight::lost, "a tree is not deeper than any real one"},
    {"leaf-depth", Weight::odd, "all leaves of a bucket are equally deep"},
    {"element-bounds", Weight::lost, "an element's key and value lie within its page run"},
    {"element-flags", Weight::odd, "an element's flags are those of a bucket or of none"},
    {"element-packing", Weight::misplaced,
     "keys and values follow the element array and each other without a gap"},
    {"key-empty", Weight::unsafe, "no key is empty"},
    {"key-size", Weight::odd, "no key is longer than bbolt allows"},
    {"value-size", Weight::odd, "no value is longer than bbolt allows"},
    {"key-order", Weight::misplaced, "the keys of a page ascend"},
    {"key-range", Weight::misplaced, "the keys of a page lie between its branch key and the next"},
    {"branch-key", Weight::unsafe, "a branch key is the first key of its child"},
    {"bucket-header", Weight::lost, "a bucket's value has the length of its kind"},
    {"bucket-inline", Weight::lost, "an inline bucket is a leaf page image of keys alone"},
    {"bucket-nesting", Weight::lost, "buckets are not nested deeper, nor more, than any real ones"},
    {"root-entry", Weight::odd, "the root holds nothing but buckets"},
    {"freelist-range", Weight::unsafe, "the freelist names pages from 2 to the high-water mark"},
    {"freelist-order", Weight::odd, "the freelist ascends"},
    {"freelist-duplicate", Weight::unsafe, "the freelist names no page twice"},
};

/// Of the problem's check; of one that the table does not have, lost.
Weight weight_of(const Problem& problem);

/// Whether it lies with the stored freelist, from which no row is read.
bool is_of_freelist(const Database& db, const Problem& problem);

/// A leaf whose elements are all in bounds, handed over once as the check passes it: who has to
/// look at the entries anyway need not walk the tree again. Its keys may still be out of order
/// (that was told).
struct CheckedLeaf {
    const PageView& page;
    const std::string& bucket;  ///< "" for the root; nested ones after a slash
    const std::vector<std::uint64_t>&
        path;  ///< page ids from the bucket's root; of an inline bucket, its holder's
};
using LeafSink = std::function<void(const CheckedLeaf&)>;

/// What a bucket's tree is made of.
struct BucketShape {
    std::string name;  ///< "" for the root
    PageId root{};
    std::uint64_t sequence = 0;
    bool is_inline = false;
    std::size_t depth = 0;  ///< pages from the root to a leaf; 0: no leaf was readable
    std::uint64_t branch_pages = 0, branch_overflow = 0;
    std::uint64_t leaf_pages = 0, leaf_overflow = 0;
    std::uint64_t entries = 0;       ///< keys and child buckets
    std::uint64_t branch_bytes = 0;  ///< header, elements and keys
    std::uint64_t leaf_bytes =
        0;  ///< header, elements, keys and values; of an inline bucket, its image
};

/// Each page below the high-water mark is in one of these, and the sum is high_water, where
/// `complete`.
struct PageAccount {
    std::uint64_t meta = 2;
    std::uint64_t branch = 0, leaf = 0;  ///< overflow pages included
    std::uint64_t freelist = 0;
    std::uint64_t free = 0;    ///< by the freelist; where none is stored, all that is not reached
    std::uint64_t leaked = 0;  ///< neither reached nor in the stored freelist
};

struct Structure {
    bool complete =
        true;  ///< false: some page could not be walked, so that free and leaked are upper bounds
    PageAccount pages;
    std::uint64_t used_bytes = 0;        ///< of branch and leaf pages: what their elements need
    std::uint64_t fragmented_bytes = 0;  ///< the rest of these pages
    std::uint64_t bucket_count = 0;      ///< the root included
    std::vector<BucketShape>
        buckets;          ///< by name, the root first; of a file with many, the first 10,000
    PageSet reached;      ///< metas, freelist, and every page of a tree
    PageSet first_pages;  ///< of those: where a run begins
    PageSet listed_free;  ///< named by the stored freelist; empty where there is none
};

/// Looks at everything once and never stops at a problem; only at an interrupt that was noted, and
/// what it says is then of no use. Memory: a few bits a page.
Structure check(const Database& db, const ProblemSink& problems, const LeafSink& leaves = {});

}  // namespace salvor::bbolt
