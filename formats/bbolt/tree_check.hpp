#pragma once

#include <optional>
#include <vector>

#include "formats/bbolt/check.hpp"

namespace salvor::bbolt {

/// The part of check() that walks: the root's tree, then each bucket's, each page once.
class TreeCheck {
 public:
    /// `result.reached` must have the metas and the freelist in it already.
    TreeCheck(const Database& db, const ProblemSink& problems, const LeafSink& leaves,
              Structure& result);
    void run();

 private:
    /// Where a page id was read.
    struct Reference {
        std::uint64_t offset;
        std::optional<std::uint64_t> page;  ///< not known of a meta's: the offset tells
    };
    /// The keys that may stand below a branch element.
    struct Range {
        std::optional<Bytes> low;   ///< its own key, inclusive
        std::optional<Bytes> high;  ///< the next one's, exclusive
    };
    /// The bucket being walked.
    struct Tree {
        BucketShape shape;
        std::size_t nesting;
        bool is_root;
    };
    /// A bucket with pages of its own that was met and is walked later.
    struct Pending {
        Bytes name;
        Bucket bucket;
        Reference from;
        std::size_t nesting;
    };
    /// What the loop over a page's elements has learnt so far.
    struct Scan {
        std::uint64_t packed_end;  ///< where the next key should begin, from the page's start
        std::optional<Bytes> last_key;
        bool bounds_sound = true;
        bool packed = true;
        bool in_range = true;
    };

    void walk_next_bucket();
    void visit(Tree& tree, PageId id, const Reference& from, const Range& range);
    bool enter(const PageView& page);
    void visit_page(Tree& tree, const PageView& page, const Range& range);
    void visit_children(Tree& tree, const PageView& page, const Range& range);
    void visit_inline(Bytes name, const Bucket& bucket, std::size_t nesting);
    void add_bucket(Tree& holder, const PageView& page, std::size_t i, const LeafEntry& entry);

    Scan scan(Tree& tree, const PageView& page, const Range& range);
    void check_key(const PageView& page, std::size_t i, const Range& range, Scan& scan);
    void check_packing(const PageView& page, std::size_t i, Bytes data, Scan& scan);
    void check_leaf_element(Tree& tree, const PageView& page, std::size_t i);
    void check_slack(const PageView& page, std::uint64_t end);
    void account(Tree& tree, const PageView& page, std::uint64_t end);
    void keep(Tree& tree);

    void report(Problem problem);
    void report(const char* check, const Reference& at, std::string message);
    void report(const char* check, const PageView& page, std::size_t i, std::string message);
    std::string where(const PageView& page) const;
    std::string bucket_path(Bytes name, std::size_t nesting);

    Database db_;  ///< with Reach::page_run, whatever the caller reads with
    const ProblemSink& problems_;
    const LeafSink& leaves_;
    Structure& result_;
    PageSet bucket_roots_;  ///< named by a bucket's header
    std::vector<Pending> pending_;
    std::vector<Bytes> names_;  ///< of the present bucket and those around it
    std::string bucket_;        ///< the same as one path
    std::vector<std::uint64_t> path_;
    std::optional<std::uint64_t>
        inline_holder_;  ///< page whose element is the inline bucket being checked
};

}  // namespace salvor::bbolt
