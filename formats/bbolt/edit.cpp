#include <algorithm>
#include <deque>
#include <limits>
#include <span>

#include "formats/base/checksum.hpp"
#include "formats/bbolt/page_builder.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/bbolt/writer.hpp"

namespace salvor::bbolt {
namespace {

// What bbolt maps at most on amd64; ids beyond it are damage. Source: bbolt
// internal/common/bolt_amd64.go
constexpr std::uint64_t max_map_size = 0xFFFFFFFFFFFF;

/// A key of one tree to be set, or deleted where there is no entry. Views into the caller's Change,
/// or into values kept by the Editor.
struct TreeChange {
    Bytes key;
    std::optional<LeafEntry> entry;
};
using TreeChanges = std::span<const TreeChange>;

std::string key_words(Bytes key) {
    return key.size() > 32 ? hex(key.substr(0, 32)) + "..." : hex(key);
}

Result<void> require_ascending(const PageView& page) {
    for (std::size_t i = 1; i < page.count(); ++i) {
        if (page.key(i - 1) < page.key(i)) continue;
        return fail_at(page.element_offset(i), ErrorCode::malformed,
                       "page {}: its keys do not ascend at element {}, so it cannot be changed",
                       number(page.id()), i);
    }
    return {};
}

class Editor {
 public:
    explicit Editor(const Database& db) : db_(db.with_reach(Reach::page_run)) {}
    Result<Edit> apply(const Change& change);

 private:
    Result<std::optional<std::string>> changed_bucket(Bytes name, const BucketChange& change);
    Result<std::string> from_entries(const std::vector<LeafEntry>& entries, std::uint64_t sequence);
    Result<PageId> changed_tree(PageId root, TreeChanges changes);
    Result<std::vector<BranchEntry>> rewrite(PageId id, TreeChanges changes, std::size_t depth);
    Result<std::vector<BranchEntry>> rewrite_children(const PageView& page, TreeChanges changes,
                                                      std::size_t depth);
    Result<std::vector<LeafEntry>> merge(const PageView& page, TreeChanges changes);
    Result<PageId> root_of(std::vector<BranchEntry> level);
    template <class Entry>
    Result<std::vector<BranchEntry>> write_pages(PageType type, const std::vector<Entry>& entries);
    Result<PageId> write_page(const PageBuilder& builder);
    void write_metas(PageId root);

    const Database db_;
    Edit edit_;
    std::uint64_t next_id_ = 0;
    std::deque<std::string> bucket_values_;  ///< what the root's new entries are views into
};

Result<Edit> Editor::apply(const Change& change) {
    next_id_ = number(db_.meta().high_water);
    if (next_id_ > max_map_size / db_.page_size()) {
        return fail(ErrorCode::malformed, "the high-water mark {} is beyond any bbolt file",
                    next_id_);
    }
    // The newer meta is the one with the higher id, so one past the last would be the older.
    if (number(db_.meta().txid) == std::numeric_limits<std::uint64_t>::max()) {
        return fail(ErrorCode::malformed, "transaction id {}: there is none after it",
                    number(db_.meta().txid));
    }
    std::vector<TreeChange> buckets;
    for (const auto& [name, bucket_change] : change) {
        SALVOR_CHECK(check_limits(name, 0));
        SALVOR_TRY(auto value, changed_bucket(name, bucket_change));
        if (!value) continue;
        bucket_values_.push_back(*std::move(value));
        buckets.push_back({name, LeafEntry{name, bucket_values_.back(), true}});
    }
    PageId root = db_.meta().root;
    if (!buckets.empty()) {
        SALVOR_TRY(root, changed_tree(root, buckets));
    }
    write_metas(root);
    return std::move(edit_);
}

/// The bucket's new value in the root; nullopt where nothing is to change.
Result<std::optional<std::string>> Editor::changed_bucket(Bytes name, const BucketChange& change) {
    SALVOR_TRY(const auto existing, db_.bucket(name));
    if (existing && !change.delete_all && change.keys.empty()) return std::optional<std::string>{};
    std::vector<TreeChange> changes;
    for (const auto& [key, value] : change.keys) {
        SALVOR_CHECK(check_limits(key, value ? value->size() : 0));
        changes.push_back({key, {}});
        if (value) changes.back().entry = LeafEntry{key, *value, false};
    }
    const std::uint64_t sequence = existing ? existing->sequence : 0;
    std::vector<LeafEntry> entries;
    if (!existing || change.delete_all) {
        for (const auto& c : changes) {
            if (c.entry) entries.push_back(*c.entry);
        }
    } else {
        const auto first = db_.check_first_page(*existing);
        if (!first) return std::unexpected(as_error(first.error()));
        if (first->type() == PageType::branch) {
            SALVOR_TRY(const PageId root, changed_tree(existing->root, changes));
            return encode_bucket(root, sequence);
        }
        if (first->type() != PageType::leaf) {
            return fail_at(first->offset() + 8, ErrorCode::malformed,
                           "page {}: flags 0x{:04x} at the root of a bucket", number(first->id()),
                           first->header().flags);
        }
        SALVOR_TRY(entries, merge(*first, changes));
    }
    SALVOR_TRY(auto value, from_entries(entries, sequence));
    return value;
}

/// A bucket of these entries alone: inline where bbolt would keep it so.
Result<std::string> Editor::from_entries(const std::vector<LeafEntry>& entries,
                                         std::uint64_t sequence) {
    PageBuilder only(PageType::leaf, db_.page_size());
    for (const auto& entry : entries) {
        only.add(entry);
        if (!only.is_inlineable()) break;
    }
    if (only.is_inlineable()) return encode_inline_bucket(only, sequence);
    SALVOR_TRY(auto leaves, write_pages(PageType::leaf, entries));
    SALVOR_TRY(const PageId root, root_of(std::move(leaves)));
    return encode_bucket(root, sequence);
}

Result<PageId> Editor::changed_tree(PageId root, TreeChanges changes) {
    SALVOR_TRY(auto level, rewrite(root, changes, 1));
    return root_of(std::move(level));
}

/// Adds levels until one page is left. Of no pages at all: an empty leaf.
Result<PageId> Editor::root_of(std::vector<BranchEntry> level) {
    if (level.empty()) return write_page(PageBuilder(PageType::leaf, db_.page_size()));
    while (level.size() > 1) {
        SALVOR_TRY(level, write_pages(PageType::branch, level));
    }
    return level.front().child;
}

/// The pages that take the place of page `id`, as their parent has to name them.
Result<std::vector<BranchEntry>> Editor::rewrite(PageId id, TreeChanges changes,
                                                 std::size_t depth) {
    if (depth > max_depth) {
        return fail(ErrorCode::malformed, "page {}: deeper than {} pages", number(id), max_depth);
    }
    SALVOR_TRY(const auto page, db_.page(id));
    if (page.type() == PageType::leaf) {
        SALVOR_TRY(const auto entries, merge(page, changes));
        return write_pages(PageType::leaf, entries);
    }
    if (page.type() != PageType::branch || page.count() == 0) {
        return fail_at(page.offset(), ErrorCode::malformed,
                       "page {}: flags 0x{:04x} and {} elements inside a tree", number(id),
                       page.header().flags, page.count());
    }
    SALVOR_TRY(auto children, rewrite_children(page, changes, depth));
    // bbolt, too, lets the one child of a root take its place (node.rebalance).
    if (depth == 1 && children.size() == 1) return children;
    return write_pages(PageType::branch, children);
}

Result<std::vector<BranchEntry>> Editor::rewrite_children(const PageView& page, TreeChanges changes,
                                                          std::size_t depth) {
    SALVOR_CHECK(require_ascending(page));
    std::vector<BranchEntry> children;
    for (std::size_t i = 0; i < page.count(); ++i) {
        const auto kept = page.branch(i);
        std::size_t mine = changes.size();
        if (i + 1 < page.count()) {
            const Bytes next = page.branch(i + 1).key;
            mine = std::lower_bound(changes.begin(), changes.end(), next,
                                    [](const TreeChange& c, Bytes key) { return c.key < key; }) -
                   changes.begin();
        }
        if (mine == 0) {
            children.push_back(kept);
            continue;
        }
        SALVOR_TRY(const auto replaced, rewrite(kept.child, changes.first(mine), depth + 1));
        children.insert(children.end(), replaced.begin(), replaced.end());
        changes = changes.subspan(mine);
    }
    return children;
}

/// The leaf's entries with the changes made, in order.
Result<std::vector<LeafEntry>> Editor::merge(const PageView& page, TreeChanges changes) {
    SALVOR_CHECK(require_ascending(page));
    std::vector<LeafEntry> entries;
    auto change = changes.begin();
    const auto add_below = [&](std::optional<Bytes> key) {
        for (; change != changes.end() && (!key || change->key < *key); ++change) {
            if (change->entry) entries.push_back(*change->entry);
        }
    };
    for (std::size_t i = 0; i < page.count(); ++i) {
        const auto old = page.leaf(i);
        add_below(old.key);
        if (change == changes.end() || change->key != old.key) {
            entries.push_back(old);
            continue;
        }
        if (old.is_bucket != (change->entry ? change->entry->is_bucket : false)) {
            return fail_at(page.element_offset(i), ErrorCode::malformed,
                           "page {}: element {}, {}, is {} bucket where {} is to be written",
                           number(page.id()), i, key_words(old.key), old.is_bucket ? "a" : "no",
                           old.is_bucket ? "a key" : "a bucket");
        }
        if (change->entry) entries.push_back(*change->entry);
        ++change;
    }
    add_below({});
    return entries;
}

/// Fills pages one after another; the keys of what it returns are views that `entries` has.
template <class Entry>
Result<std::vector<BranchEntry>> Editor::write_pages(PageType type,
                                                     const std::vector<Entry>& entries) {
    std::vector<BranchEntry> written;
    PageBuilder builder(type, db_.page_size());
    Bytes first;
    for (const auto& entry : entries) {
        if (!builder.has_room_for(entry)) {
            SALVOR_TRY(const PageId id, write_page(builder));
            written.push_back({first, id});
            builder.clear();
        }
        if (builder.count() == 0) first = entry.key;
        builder.add(entry);
    }
    if (builder.count() == 0) return written;
    SALVOR_TRY(const PageId id, write_page(builder));
    written.push_back({first, id});
    return written;
}

Result<PageId> Editor::write_page(const PageBuilder& builder) {
    const PageId id{next_id_};
    next_id_ += builder.pages();
    if (next_id_ > max_map_size / db_.page_size()) {
        return fail(ErrorCode::too_large,
                    "the database would have {} pages, beyond what bbolt maps", next_id_);
    }
    edit_.pages.push_back({id, builder.encode(id)});
    return id;
}

void Editor::write_metas(PageId root) {
    Meta meta = db_.meta();
    meta.magic = magic;
    meta.version = version;
    meta.page_size = static_cast<std::uint32_t>(db_.page_size());
    meta.flags = 0;
    meta.root = root;
    meta.freelist = no_freelist;
    meta.high_water = PageId{next_id_};
    const std::uint64_t before = number(meta.txid);
    for (const std::uint64_t txid : {before, before + 1}) {
        meta.txid = TxId{txid};
        const PageId id{txid % 2};
        edit_.metas.push_back({id, encode_meta_page(id, meta)});
    }
    edit_.file_size = next_id_ * db_.page_size();
}

}  // namespace

Result<Edit> plan_edit(const Database& db, const Change& change) {
    return Editor(db).apply(change);
}

}  // namespace salvor::bbolt
