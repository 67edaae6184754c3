#pragma once

#include <vector>

#include "formats/bbolt/database.hpp"
#include "formats/bbolt/page_set.hpp"

namespace salvor::bbolt {

/// Beyond any real tree: with two keys a page, 2^40 leaves.
constexpr std::size_t max_depth = 40;

/// The leaf pages of one bucket, in key order, by a walk that keeps the stack of pages. A page is
/// checked as it is reached; its entries are then read without checks:
///
///     Leaves leaves(db, bucket);
///     for (;;) {
///         SALVOR_TRY(const PageView* leaf, leaves.next());
///         if (!leaf) break;
///         for (std::size_t i = 0; i < leaf->count(); ++i) use(leaf->leaf(i));
///     }
class Leaves {
 public:
    Leaves(const Database& db, const Bucket& bucket) : db_(&db), bucket_(bucket) {}
    /// Goes on over unreadable subtrees, telling each to the sink, in place of ending with an
    /// Error.
    Leaves(const Database& db, const Bucket& bucket, ProblemSink sink)
        : db_(&db), bucket_(bucket), sink_(std::move(sink)) {}

    /// The next leaf page; nullptr at the end. Valid until the next call.
    Result<const PageView*> next();
    /// The leaf that holds the first key >= `key`, index() telling which; nullptr where all are
    /// less. next() goes on behind it.
    Result<const PageView*> seek(Bytes key);
    /// The element that seek() found within its leaf; 0 after next().
    std::size_t index() const { return index_; }
    /// Page ids from the root down to the present leaf; empty for an inline bucket.
    std::vector<std::uint64_t> path() const;

 private:
    struct Frame {
        PageView page;
        std::size_t next_child;
    };
    Result<bool> push(const std::expected<PageView, Problem>& page);
    Result<bool> descend(PageId id);
    Result<bool> report(Problem problem);

    const Database* db_;
    Bucket bucket_;
    ProblemSink sink_;
    std::vector<Frame> stack_;
    /// Each page met once the walk goes on from one leaf to the next, so that neither a cycle nor a
    /// page named a million times makes it endless; seek() alone is bounded by its depth.
    PageSet visited_;
    std::size_t index_ = 0;
    bool started_ = false;
};

}  // namespace salvor::bbolt
