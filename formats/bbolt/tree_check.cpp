#include "formats/bbolt/tree_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "formats/base/checksum.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::bbolt {
namespace {

// Beyond any real file; bounds what a hostile one can make us keep.
constexpr std::size_t max_nesting = 64;
constexpr std::size_t max_name_shown = 128;
constexpr std::size_t max_shapes_kept = 10000;
constexpr std::size_t max_key_shown = 24;

std::string shown(Bytes key) {
    return hex(key.substr(0, max_key_shown)) + (key.size() > max_key_shown ? "..." : "");
}

/// The first byte that is not zero; npos where all are. The slack is a good part of a file, so it
/// is read at the memory's speed, 64 bytes at a time.
std::size_t first_nonzero(Bytes bytes) {
    std::size_t at = 0;
    for (; at + 64 <= bytes.size(); at += 64) {
        std::array<std::uint64_t, 8> words;
        std::memcpy(words.data(), bytes.data() + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] |
             words[7]) != 0)
            break;
    }
    return bytes.find_first_not_of('\0', at);
}

}  // namespace

TreeCheck::TreeCheck(const Database& db, const ProblemSink& problems, const LeafSink& leaves,
                     Structure& result)
    : db_(db.with_reach(Reach::page_run)),
      problems_(problems),
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
    bucket_ = bucket_path(next.name, next.nesting);
    visit(tree, next.bucket.root, next.from, {});
    keep(tree);
}

void TreeCheck::visit(Tree& tree, PageId id, const Reference& from, const Range& range) {
    const std::uint64_t n = number(id);
    if (n < 2 || n >= db_.page_count()) {
        result_.complete = false;
        return report(
            "page-range", from,
            fmt::format(
                "page {} is named, but pages of a tree are 2 to {} (high-water mark {}, {} in "
                "the file)",
                n, db_.page_count() - 1, number(db_.meta().high_water), db_.file_pages()));
    }
    if (!result_.first_pages.insert(id)) {
        if (std::find(path_.begin(), path_.end(), n) != path_.end()) {
            return report("page-cycle", from, fmt::format("page {} is named below itself", n));
        }
        return report("page-shared", from, fmt::format("page {} is named a second time", n));
    }
    const auto page = db_.frame_page(id);
    if (!page || !enter(*page)) {
        if (!page) report(page.error());
        result_.reached.insert(id);
        result_.complete = false;
        return;
    }
    path_.push_back(n);
    visit_page(tree, *page, range);
    path_.pop_back();
}

/// Whether the page belongs into a tree at all; marks its run as used.
bool TreeCheck::enter(const PageView& page) {
    if (page.type() != PageType::branch && page.type() != PageType::leaf) {
        report("page-type", {page.offset() + 8, number(page.id())},
               fmt::format("page {}: flags 0x{:04x} inside a tree", number(page.id()),
                           page.header().flags));
        return false;
    }
    if (path_.size() >= max_depth) {
        report("tree-depth", {page.offset(), number(page.id())},
               fmt::format("page {}: deeper than {} pages", number(page.id()), max_depth));
        return false;
    }
    bool is_shared = false;
    for (std::uint64_t i = 0; i <= page.header().overflow; ++i) {
        const PageId covered{number(page.id()) + i};
        if (!result_.reached.insert(covered) && !is_shared) {
            is_shared = true;
            report("page-shared", {page.offset(), number(page.id())},
                   fmt::format("page {}: its page {} is also part of another run",
                               number(page.id()), number(covered)));
        }
    }
    return true;
}

void TreeCheck::visit_page(Tree& tree, const PageView& page, const Range& range) {
    const Scan found = scan(tree, page, range);
    if (!found.bounds_sound) {
        result_.complete = result_.complete && page.type() == PageType::leaf;
    } else if (found.packed) {
        check_slack(page, found.packed_end);
    }
    account(tree, page, found.packed_end);
    if (page.type() == PageType::branch) return visit_children(tree, page, range);
    if (!inline_holder_ && tree.shape.depth == 0) tree.shape.depth = path_.size();
    if (!inline_holder_ && tree.shape.depth != path_.size()) {
        report("leaf-depth", {page.offset(), number(page.id())},
               fmt::format("page {}: a leaf at depth {}, the first one is at {}", number(page.id()),
                           path_.size(), tree.shape.depth));
    }
    if (found.bounds_sound && leaves_) leaves_({page, bucket_, path_});
}

void TreeCheck::visit_children(Tree& tree, const PageView& page, const Range& range) {
    for (std::size_t i = 0; i < page.count(); ++i) {
        if (!page.fits(i)) continue;
        const auto entry = page.branch(i);
        Range below{entry.key, range.high};
        if (i + 1 < page.count() && page.fits(i + 1)) below.high = page.branch(i + 1).key;
        visit(tree, entry.child, {page.element_offset(i) + 8, number(page.id())}, below);
    }
}

void TreeCheck::visit_inline(Bytes name, const Bucket& bucket, std::size_t nesting) {
    const std::string holder_bucket = bucket_;
    const Reference at{bucket.inline_offset, path_.back()};
    bucket_ = bucket_path(name, nesting);
    inline_holder_ = path_.back();
    Tree tree{{}, nesting, false};
    tree.shape.is_inline = true;
    tree.shape.depth = 1;
    tree.shape.sequence = bucket.sequence;
    if (bucket.inline_page.size() < page_header_size) {
        report("bucket-inline", at,
               fmt::format("{} bytes are too few for a page header", bucket.inline_page.size()));
    } else if (const auto page = PageView::frame(bucket.inline_page, bucket.inline_offset); !page) {
        report(page.error());
    } else if (page->type() != PageType::leaf) {
        report("bucket-inline", at,
               fmt::format("flags 0x{:04x} are not those of a leaf", page->header().flags));
    } else {
        if (page->id() != PageId{0} || page->header().overflow != 0) {
            report("bucket-inline", at,
                   fmt::format("page id {} and overflow {}, both should be 0", number(page->id()),
                               page->header().overflow));
        }
        visit_page(tree, *page, {});
    }
    keep(tree);
    inline_holder_.reset();
    bucket_ = holder_bucket;
}

void TreeCheck::add_bucket(Tree& holder, const PageView& page, std::size_t i,
                           const LeafEntry& entry) {
    const auto bucket = db_.bucket_of(entry);
    const Reference at{db_.offset_of(entry.value.data()),
                       page.id() == PageId{0} ? path_.back() : number(page.id())};
    if (inline_holder_) {
        return report("bucket-inline", page, i, "a bucket within an inline bucket");
    }
    if (holder.nesting >= max_nesting) {
        result_.complete = false;
        return report("bucket-nesting", page, i,
                      fmt::format("buckets are nested deeper than {}", max_nesting));
    }
    if (bucket.is_inline()) return visit_inline(entry.key, bucket, holder.nesting + 1);
    if (entry.value.size() != bucket_header_size) {
        report("bucket-header", page, i,
               fmt::format("a bucket with pages of its own has {} bytes, not {}",
                           entry.value.size(), bucket_header_size));
    }
    if (number(bucket.root) < bucket_roots_.bound() && !bucket_roots_.insert(bucket.root)) {
        return report("page-shared", at,
                      fmt::format("page {} is the root of two buckets", number(bucket.root)));
    }
    pending_.push_back({entry.key, bucket, at, holder.nesting + 1});
}

TreeCheck::Scan TreeCheck::scan(Tree& tree, const PageView& page, const Range& range) {
    Scan scan{page_header_size + page.count() * element_size, {}};
    if (page.count() == 0 && (path_.size() > 1 || page.type() == PageType::branch) &&
        !inline_holder_) {
        report(
            "page-empty", {page.offset() + 10, number(page.id())},
            fmt::format("page {}: no elements, and not a bucket's only leaf", number(page.id())));
    }
    const std::size_t first_child = pending_.size();
    for (std::size_t i = 0; i < page.count(); ++i) {
        if (!page.fits(i)) {
            report(page.misfit(i));
            scan.bounds_sound = false;
            continue;
        }
        const Bytes key = page.key(i);
        const std::size_t size =
            key.size() + (page.type() == PageType::leaf ? page.leaf_element(i).vsize : 0);
        check_packing(page, i, {key.data(), size}, scan);
        check_key(page, i, range, scan);
        if (page.type() == PageType::leaf) check_leaf_element(tree, page, i);
    }
    // Last in, first out: buckets are then walked in key order.
    std::reverse(pending_.begin() + static_cast<std::ptrdiff_t>(first_child), pending_.end());
    return scan;
}

void TreeCheck::check_packing(const PageView& page, std::size_t i, Bytes data, Scan& scan) {
    const auto begin = static_cast<std::uint64_t>(data.data() - page.run().data());
    if (begin != scan.packed_end && scan.packed && scan.bounds_sound) {
        scan.packed = false;
        report(
            "element-packing", page, i,
            fmt::format("its key begins at byte {} of the page, bbolt would have written it at {}",
                        begin, scan.packed_end));
    }
    scan.packed_end = std::max(scan.packed_end, begin + data.size());
}

void TreeCheck::check_key(const PageView& page, std::size_t i, const Range& range, Scan& scan) {
    const Bytes key = page.key(i);
    if (key.empty()) report("key-empty", page, i, "its key is empty");
    if (key.size() > max_key_size) {
        report("key-size", page, i,
               fmt::format("its key of {} bytes is longer than {}", key.size(), max_key_size));
    }
    if (scan.last_key && key <= *scan.last_key) {
        report("key-order", page, i,
               fmt::format("its key {} is {} the one before, {}", shown(key),
                           key == *scan.last_key ? "the same as" : "below", shown(*scan.last_key)));
    }
    if (scan.in_range && range.low && key < *range.low) {
        scan.in_range = false;
        report("key-range", page, i,
               fmt::format("its key {} is below the branch key {}", shown(key), shown(*range.low)));
    } else if (i == 0 && range.low && key != *range.low) {
        report("branch-key", page, i,
               fmt::format("its key {} is the page's first, the branch key is {}", shown(key),
                           shown(*range.low)));
    }
    if (scan.in_range && range.high && key >= *range.high) {
        scan.in_range = false;
        report("key-range", page, i,
               fmt::format("its key {} is not below the next branch key {}", shown(key),
                           shown(*range.high)));
    }
    scan.last_key = key;
}

void TreeCheck::check_leaf_element(Tree& tree, const PageView& page, std::size_t i) {
    const auto element = page.leaf_element(i);
    if ((element.flags & ~bucket_flag) != 0) {
        report("element-flags", page, i,
               fmt::format("flags 0x{:08x} are neither a bucket's nor none", element.flags));
    }
    if (element.vsize > max_value_size) {
        report(
            "value-size", page, i,
            fmt::format("its value of {} bytes is longer than {}", element.vsize, max_value_size));
    }
    ++tree.shape.entries;
    if ((element.flags & bucket_flag) != 0) {
        add_bucket(tree, page, i, page.leaf(i));
    } else if (tree.is_root) {
        report("root-entry", page, i, "it is a key, where only buckets may stand");
    }
}

/// `end`: behind the last element's data, from the page's start.
void TreeCheck::check_slack(const PageView& page, std::uint64_t end) {
    const std::uint64_t needed = (end + db_.page_size() - 1) / db_.page_size();
    const std::uint64_t has = inline_holder_ ? needed : std::uint64_t{page.header().overflow} + 1;
    // Early bbolt took a page more than needed where the data ended with a page (node.spill).
    if (has > needed + (end % db_.page_size() == 0 ? 1 : 0)) {
        report("page-excess", {page.offset() + 12, number(page.id())},
               fmt::format("page {}: overflow {}, but its elements end in overflow page {}",
                           number(page.id()), page.header().overflow, needed - 1));
    }
    const auto slack = page.run().substr(end, needed * db_.page_size() - end);
    if (const auto at = first_nonzero(slack); at != Bytes::npos) {
        report("page-slack", {page.offset() + end + at, number(page.id())},
               fmt::format("{}: byte {} behind its last element at {} is not zero", where(page),
                           end + at, end));
    }
}

void TreeCheck::account(Tree& tree, const PageView& page, std::uint64_t end) {
    auto& shape = tree.shape;
    if (inline_holder_) {
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
    tree.shape.name = tree.is_root ? "" : bucket_;
    result_.buckets.push_back(std::move(tree.shape));
}

void TreeCheck::report(Problem problem) {
    problem.place.bucket = bucket_;
    problem.place.path = path_;
    if (inline_holder_) {
        problem.place.page = inline_holder_;
        problem.message =
            fmt::format("page {}: inline bucket: {}", *inline_holder_, problem.message);
    }
    problems_(std::move(problem));
}

void TreeCheck::report(const char* check, const Reference& at, std::string message) {
    Place place;
    place.offset = at.offset;
    place.page = at.page;
    report({check, std::move(place), std::move(message)});
}

void TreeCheck::report(const char* check, const PageView& page, std::size_t i,
                       std::string message) {
    Place place;
    place.offset = page.element_offset(i);
    place.page = number(page.id());
    place.key = std::string(page.key(i).substr(0, max_key_size));
    report({check, std::move(place), fmt::format("{}: element {}: {}", where(page), i, message)});
}

std::string TreeCheck::where(const PageView& page) const {
    return inline_holder_ ? "its page image" : fmt::format("page {}", number(page.id()));
}

std::string TreeCheck::bucket_path(Bytes name, std::size_t nesting) {
    names_.resize(nesting - 1);
    names_.push_back(name);
    std::string path;
    for (const Bytes part : names_) {
        if (!path.empty()) path += '/';
        path += part.substr(0, max_name_shown);
    }
    return path;
}

}  // namespace salvor::bbolt
