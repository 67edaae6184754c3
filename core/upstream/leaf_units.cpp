#include "core/upstream/leaf_units.hpp"

#include <algorithm>

#include "formats/bbolt/tree.hpp"

namespace salvor::upstream {
namespace {

using bbolt::number;
using bbolt::PageView;

// Of a unit's leaves, less what overflows from them: a branch page of 64 KiB has too many for one.
constexpr std::size_t unit_size = std::size_t{512} << 10;

struct Bounds {
    Bytes least;
    std::optional<Bytes> bound;
};

class Finder {
 public:
    explicit Finder(const bbolt::Database& db) : db_(db) {}

    Result<Units> all() {
        SALVOR_CHECK(tree(db_.root(), 0));
        auto roots = std::move(found_.units);
        found_.units.clear();
        for (const auto& unit : roots) SALVOR_CHECK(bucket_names(unit));
        for (std::size_t i = 0; i < found_.buckets.size(); ++i)
            SALVOR_CHECK(tree(found_.buckets[i].bucket, i));
        return std::move(found_);
    }

 private:
    Result<void> tree(const bbolt::Bucket& bucket, std::size_t index) {
        leaf_depth_.reset();
        auto first = db_.check_first_page(bucket);
        if (!first) return std::unexpected(bbolt::as_error(first.error()));
        return page(*first, index, {}, 0);
    }

    Result<void> page(const PageView& page, std::size_t bucket, const Bounds& bounds,
                      std::size_t depth) {
        if (page.type() == bbolt::PageType::leaf) {
            found_.units.push_back({bucket, {}, 0, 1, page, bounds.least, bounds.bound});
            return {};
        }
        if (page.type() != bbolt::PageType::branch || page.count() == 0 ||
            depth >= bbolt::max_depth) {
            return fail_at(page.offset(), ErrorCode::malformed, "page {}: no branch of a tree",
                           number(page.id()));
        }
        SALVOR_CHECK(keys_in_order(page, bounds));
        found_.branches.push_back(page);
        if (children_are_leaves(page, depth)) {
            add_units(page, bucket, bounds);
            return {};
        }
        for (std::size_t i = 0; i < page.count(); ++i) {
            const auto element = page.branch(i);
            SALVOR_TRY(const auto child, db_.page(element.child));
            if (child.type() != bbolt::PageType::branch) {
                return fail_at(page.offset(), ErrorCode::malformed,
                               "page {}: its children are of different depth", number(page.id()));
            }
            const auto bound =
                i + 1 < page.count() ? std::optional(page.branch(i + 1).key) : bounds.bound;
            SALVOR_CHECK(this->page(child, bucket, {element.key, bound}, depth + 1));
        }
        return {};
    }

    void add_units(const PageView& parent, std::size_t bucket, const Bounds& bounds) {
        const std::size_t most = std::max<std::size_t>(unit_size / db_.page_size(), 1);
        for (std::size_t first = 0; first < parent.count(); first += most) {
            const auto leaves = std::min(most, parent.count() - first);
            found_.units.push_back({bucket, parent, first, leaves, {}, bounds.least, bounds.bound});
        }
    }

    static Result<void> keys_in_order(const PageView& page, const Bounds& bounds) {
        Bytes previous = bounds.least;
        for (std::size_t i = 0; i < page.count(); ++i) {
            const Bytes key = page.branch(i).key;
            if (key < previous || (i > 0 && key == previous) ||
                (bounds.bound && key >= *bounds.bound)) {
                return fail_at(page.element_offset(i), ErrorCode::malformed,
                               "page {}: key {} is out of order", number(page.id()), i);
            }
            previous = key;
        }
        return {};
    }

    /// Leaves are all as deep in a tree, so the first way down tells; that they are leaves is seen
    /// when they are read.
    bool children_are_leaves(const PageView& page, std::size_t depth) {
        if (!leaf_depth_) {
            const auto header = db_.header(page.branch(0).child);
            if (header && header->flags == static_cast<std::uint16_t>(bbolt::PageType::branch))
                return false;
            leaf_depth_ = depth + 1;
        }
        return depth + 1 == *leaf_depth_;
    }

    Result<void> bucket_names(const LeafUnit& unit) {
        for (std::size_t leaf = 0; leaf < unit.leaves; ++leaf) {
            SALVOR_TRY(const auto page, unit_leaf(db_, unit, leaf));
            Bytes previous = least_key(unit, leaf);
            const auto bound = key_bound(unit, leaf);
            for (std::size_t i = 0; i < page.count(); ++i) {
                const auto entry = page.leaf(i);
                const bool ordered = i == 0 ? entry.key >= previous : entry.key > previous;
                if (!entry.is_bucket || !ordered || (bound && entry.key >= *bound)) {
                    return fail_at(page.element_offset(i), ErrorCode::malformed,
                                   "page {}: entry {} is no bucket or out of order",
                                   number(page.id()), i);
                }
                previous = entry.key;
                SALVOR_TRY(const auto bucket, db_.bucket_of(entry));
                found_.buckets.push_back({entry.key, bucket});
            }
            found_.root_leaves.push_back(page);
        }
        return {};
    }

    const bbolt::Database& db_;
    Units found_;
    std::optional<std::size_t> leaf_depth_;  ///< of the tree that is walked, once it is known
};

}  // namespace

Result<Units> find_units(const bbolt::Database& db) {
    return Finder(db).all();
}

Result<void> check_leaf(const bbolt::PageView& page) {
    if (page.type() == bbolt::PageType::leaf && page.count() > 0) return {};
    return fail_at(page.offset(), ErrorCode::malformed,
                   "page {}: no leaf with entries where its siblings are such", number(page.id()));
}

Result<bbolt::PageView> unit_leaf(const bbolt::Database& db, const LeafUnit& unit, std::size_t i) {
    if (!unit.parent) return *unit.only;
    SALVOR_TRY(const auto page, db.page(unit.child(i)));
    SALVOR_CHECK(check_leaf(page));
    return page;
}

Bytes least_key(const LeafUnit& unit, std::size_t i) {
    return unit.parent ? unit.parent->branch(unit.first + i).key : unit.least;
}

std::optional<Bytes> key_bound(const LeafUnit& unit, std::size_t i) {
    const auto next = unit.first + i + 1;
    if (unit.parent && next < unit.parent->count()) return unit.parent->branch(next).key;
    return unit.bound;
}

}  // namespace salvor::upstream
