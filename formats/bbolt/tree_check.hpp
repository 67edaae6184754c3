#pragma once

#include <vector>

#include "formats/bbolt/page_check.hpp"

namespace salvor::bbolt {

/// The part of check() that walks: the root's tree, then each bucket's, each page once.
class TreeCheck {
 public:
    /// `result.reached` must have the metas and the freelist in it already.
    TreeCheck(const Database& db, const ProblemSink& problems, const LeafSink& leaves,
              Structure& result);
    void run();

 private:
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
    void walk_next_bucket();
    void visit(Tree& tree, PageId id, const Reference& from, const KeyRange& range);
    bool enter(const PageView& page);
    void visit_page(Tree& tree, const PageView& page, const KeyRange& range);
    void visit_children(Tree& tree, const PageView& page, const KeyRange& range);
    void visit_inline(Bytes name, const Bucket& bucket, std::size_t nesting);
    void add_bucket(Tree& holder, const PageView& page, std::size_t i, const LeafEntry& entry);

    void check_elements(Tree& tree, const PageView& page, PageCheck& check);
    void check_leaf_element(Tree& tree, const PageView& page, std::size_t i);
    void account(Tree& tree, const PageView& page, std::uint64_t end);
    void keep(Tree& tree);

    Database db_;  ///< with Reach::page_run, whatever the caller reads with
    TreePlace place_;
    const LeafSink& leaves_;
    Structure& result_;
    PageSet bucket_roots_;  ///< named by a bucket's header
    std::vector<Pending> pending_;
};

}  // namespace salvor::bbolt
