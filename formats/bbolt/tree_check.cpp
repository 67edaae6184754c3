#include "formats/bbolt/tree_check.hpp"

#include <algorithm>

#include "formats/base/interrupt.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::bbolt {
namespace {

// Beyond any real file; bounds what a hostile one can make us keep.
constexpr std::size_t max_nesting = 64;
constexpr std::size_t max_shapes_kept = 10000;

}  // namespace

TreeCheck::TreeCheck(const Database& db, const ProblemSink& problems, const LeafSink& leaves,
                     Structure& result)
    : db_(db.with_reach(Reach::page_run)),
      place_(problems),
      leaves_(leaves),
      result_(result),
      bucket_roots_(db.page_count()) {}

void TreeCheck::run() {
    const std::uint64_t root_at =
        static_cast<std::uint64_t>(db_.chosen_meta()) * db_.page_size() + page_header_size + 16;
    Tree root{{}, 0, true};
    root.shape.root = db_.meta().root;
    root.shape.sequence = db_.meta().root_sequence;
    visit(root, root.shape.root, {root_at, {}}, {});
    keep(root);
    while (!pending_.empty()) walk_next_bucket();
    std::sort(result_.buckets.begin(), result_.buckets.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
}

void TreeCheck::walk_next_bucket() {
    const Pending next = pending_.back();
    pending_.pop_back();
    Tree tree{{}, next.nesting, false};
    tree.shape.root = next.bucket.root;
    tree.shape.sequence = next.bucket.sequence;
    place_.enter_bucket(next.name, next.nesting);
    visit(tree, next.bucket.root, next.from, {});
    keep(tree);
}

void TreeCheck::visit(Tree& tree, PageId id, const Reference& from, const KeyRange& range) {
    if (noted_interrupt() != 0) return;
    const std::uint64_t n = number(id);
    if (n < 2 || n >= db_.page_count()) {
        result_.complete = false;
        return place_.report(
            "page-range", from,
            fmt::format(
                "page {} is named, but pages of a tree are 2 to {} (high-water mark {}, {} in "
                "the file)",
                n, db_.page_count() - 1, number(db_.meta().high_water), db_.file_pages()));
    }
    if (!result_.first_pages.insert(id)) {
        const auto& path = place_.path();
        if (std::find(path.begin(), path.end(), n) != path.end()) {
            return place_.report("page-cycle", from,
                                 fmt::format("page {} is named below itself", n));
        }
        return place_.report("page-shared", from, fmt::format("page {} is named a second time", n));
    }
    const auto page = db_.frame_page(id);
    if (!page || !enter(*page)) {
        if (!page) place_.report(page.error());
        result_.reached.insert(id);
        result_.complete = false;
        return;
    }
    place_.descend(id);
    visit_page(tree, *page, range);
    place_.ascend();
}

/// Whether the page belongs into a tree at all; marks its run as used.
bool TreeCheck::enter(const PageView& page) {
    if (page.type() != PageType::branch && page.type() != PageType::leaf) {
        place_.report("page-type", {page.offset() + 8, number(page.id())},
                      fmt::format("page {}: flags 0x{:04x} inside a tree", number(page.id()),
                                  page.header().flags));
        return false;
    }
    if (place_.path().size() >= max_depth) {
        place_.report("tree-depth", {page.offset(), number(page.id())},
                      fmt::format("page {}: deeper than {} pages", number(page.id()), max_depth));
        return false;
    }
    bool is_shared = false;
    for (std::uint64_t i = 0; i <= page.header().overflow; ++i) {
        const PageId covered{number(page.id()) + i};
        if (!result_.reached.insert(covered) && !is_shared) {
            is_shared = true;
            place_.report("page-shared", {page.offset(), number(page.id())},
                          fmt::format("page {}: its page {} is also part of another run",
                                      number(page.id()), number(covered)));
        }
    }
    return true;
}

void TreeCheck::visit_page(Tree& tree, const PageView& page, const KeyRange& range) {
    PageCheck check(place_, page, range);
    check_elements(tree, page, check);
    check.slack(db_.page_size());
    if (!check.bounds_sound()) result_.complete = result_.complete && page.type() == PageType::leaf;
    account(tree, page, check.end());
    if (page.type() == PageType::branch) return visit_children(tree, page, range);
    if (!place_.is_inline() && tree.shape.depth == 0) tree.shape.depth = place_.path().size();
    if (!place_.is_inline() && tree.shape.depth != place_.path().size()) {
        place_.report("leaf-depth", {page.offset(), number(page.id())},
                      fmt::format("page {}: a leaf at depth {}, the first one is at {}",
                                  number(page.id()), place_.path().size(), tree.shape.depth));
    }
    if (check.bounds_sound() && leaves_) leaves_({page, place_.bucket(), place_.path()});
}

void TreeCheck::visit_children(Tree& tree, const PageView& page, const KeyRange& range) {
    for (std::size_t i = 0; i < page.count(); ++i) {
        if (!page.fits(i)) continue;
        const auto entry = page.branch(i);
        KeyRange below{entry.key, range.high};
        if (i + 1 < page.count() && page.fits(i + 1)) below.high = page.branch(i + 1).key;
        visit(tree, entry.child, {page.element_offset(i) + 8, number(page.id())}, below);
    }
}

void TreeCheck::visit_inline(Bytes name, const Bucket& bucket, std::size_t nesting) {
    const Reference at{bucket.inline_offset, place_.path().back()};
    place_.enter_inline(name, nesting);
    Tree tree{{}, nesting, false};
    tree.shape.is_inline = true;
    tree.shape.depth = 1;
    tree.shape.sequence = bucket.sequence;
    if (bucket.inline_page.size() < page_header_size) {
        place_.report(
            "bucket-inline", at,
            fmt::format("{} bytes are too few for a page header", bucket.inline_page.size()));
    } else if (const auto page = PageView::frame(bucket.inline_page, bucket.inline_offset); !page) {
        place_.report(page.error());
    } else if (page->type() != PageType::leaf) {
        place_.report("bucket-inline", at,
                      fmt::format("flags 0x{:04x} are not those of a leaf", page->header().flags));
    } else {
        if (page->id() != PageId{0} || page->header().overflow != 0) {
            place_.report("bucket-inline", at,
                          fmt::format("page id {} and overflow {}, both should be 0",
                                      number(page->id()), page->header().overflow));
        }
        visit_page(tree, *page, {});
    }
    keep(tree);
    place_.leave_inline();
}

void TreeCheck::add_bucket(Tree& holder, const PageView& page, std::size_t i,
                           const LeafEntry& entry) {
    const Reference at{db_.offset_of(entry.value.data()),
                       page.id() == PageId{0} ? place_.path().back() : number(page.id())};
    if (place_.is_inline()) {
        return place_.report("bucket-inline", page, i, "a bucket within an inline bucket");
    }
    if (holder.nesting >= max_nesting) {
        result_.complete = false;
        return place_.report("bucket-nesting", page, i,
                             fmt::format("buckets are nested deeper than {}", max_nesting));
    }
    if (entry.value.size() < bucket_header_size) {
        result_.complete = false;
        return place_.report("bucket-header", page, i,
                             fmt::format("a bucket of {} bytes, its header alone needs {}",
                                         entry.value.size(), bucket_header_size));
    }
    const auto bucket = *db_.bucket_of(entry);
    if (bucket.is_inline()) return visit_inline(entry.key, bucket, holder.nesting + 1);
    if (entry.value.size() != bucket_header_size) {
        place_.report("bucket-header", page, i,
                      fmt::format("a bucket with pages of its own has {} bytes, not {}",
                                  entry.value.size(), bucket_header_size));
    }
    if (number(bucket.root) < bucket_roots_.bound() && !bucket_roots_.insert(bucket.root)) {
        return place_.report(
            "page-shared", at,
            fmt::format("page {} is the root of two buckets", number(bucket.root)));
    }
    pending_.push_back({entry.key, bucket, at, holder.nesting + 1});
}

void TreeCheck::check_elements(Tree& tree, const PageView& page, PageCheck& check) {
    const bool is_leaf = page.type() == PageType::leaf;
    if (page.count() == 0 && (place_.path().size() > 1 || !is_leaf) && !place_.is_inline()) {
        place_.report(
            "page-empty", {page.offset() + 10, number(page.id())},
            fmt::format("page {}: no elements, and not a bucket's only leaf", number(page.id())));
    }
    const std::size_t first_child = pending_.size();
    for (std::size_t i = 0; i < page.count(); ++i) {
        if (check.element(i) && is_leaf) check_leaf_element(tree, page, i);
    }
    // Last in, first out: buckets are then walked in key order.
    std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first_child), pending_.end());
}

void TreeCheck::check_leaf_element(Tree& tree, const PageView& page, std::size_t i) {
    const auto element = page.leaf_element(i);
    if ((element.flags & ~bucket_flag) != 0) {
        place_.report("element-flags", page, i,
                      fmt::format("flags 0x{:08x} are neither a bucket's nor none", element.flags));
    }
    if (element.vsize > max_value_size) {
        place_.report(
            "value-size", page, i,
            fmt::format("its value of {} bytes is longer than {}", element.vsize, max_value_size));
    }
    ++tree.shape.entries;
    if ((element.flags & bucket_flag) != 0) {
        add_bucket(tree, page, i, page.leaf(i));
    } else if (tree.is_root) {
        place_.report("root-entry", page, i, "it is a key, where only buckets may stand");
    }
}

void TreeCheck::account(Tree& tree, const PageView& page, std::uint64_t end) {
    auto& shape = tree.shape;
    if (place_.is_inline()) {
        shape.leaf_bytes += end;
        return;
    }
    const std::uint64_t overflow = page.header().overflow;
    const bool is_leaf = page.type() == PageType::leaf;
    (is_leaf ? shape.leaf_pages : shape.branch_pages) += 1;
    (is_leaf ? shape.leaf_overflow : shape.branch_overflow) += overflow;
    (is_leaf ? shape.leaf_bytes : shape.branch_bytes) += end;
    (is_leaf ? result_.pages.leaf : result_.pages.branch) += 1 + overflow;
    result_.used_bytes += end;
    result_.fragmented_bytes += (1 + overflow) * db_.page_size() - end;
}

void TreeCheck::keep(Tree& tree) {
    ++result_.bucket_count;
    if (result_.buckets.size() >= max_shapes_kept) return;
    tree.shape.name = tree.is_root ? "" : place_.bucket();
    result_.buckets.push_back(std::move(tree.shape));
}

}  // namespace salvor::bbolt
