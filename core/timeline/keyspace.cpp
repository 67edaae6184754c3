#include "core/timeline/keyspace.hpp"

#include <algorithm>

#include "formats/base/checksum.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::timeline {
namespace {

/// -1 where the mark is absent.
Result<std::int64_t> compaction_mark(const bbolt::Database& db, Bytes name) {
    SALVOR_TRY(const auto meta, db.bucket(etcd::buckets::meta));
    if (!meta) return -1;
    SALVOR_TRY(const auto value, db.get(*meta, name));
    if (!value) return -1;
    const auto revision = etcd::parse_revision(*value);
    if (!revision) {
        return fail_at(db.offset_of(value->data()), ErrorCode::malformed,
                       "meta/{}: {} is no revision", name, hex(*value));
    }
    return revision->main;
}

/// Down the right edge of a bucket's tree; nullopt where its last leaf is empty.
Result<std::optional<bbolt::LeafEntry>> last_entry(const bbolt::Database& db,
                                                   const bbolt::Bucket& bucket) {
    auto page = db.check_first_page(bucket);
    for (std::size_t depth = 0; depth < bbolt::max_depth; ++depth) {
        if (!page) return std::unexpected(bbolt::as_error(page.error()));
        const auto count = page->count();
        if (page->type() == bbolt::PageType::leaf) {
            return count == 0 ? std::nullopt : std::optional(page->leaf(count - 1));
        }
        if (page->type() != bbolt::PageType::branch || count == 0) {
            return fail_at(page->offset(), ErrorCode::malformed,
                           "page {}: flags 0x{:04x} and {} elements inside a tree",
                           number(page->id()), page->header().flags, count);
        }
        page = db.check_page(page->branch(count - 1).child);
    }
    return fail(ErrorCode::malformed, "the key bucket's tree is deeper than {} pages",
                bbolt::max_depth);
}

/// 0 where there is no row.
Result<std::int64_t> last_main_revision(const bbolt::Database& db) {
    SALVOR_TRY(const auto rows, db.bucket(etcd::buckets::key));
    if (!rows) return 0;
    SALVOR_TRY(const auto last, last_entry(db, *rows));
    if (!last) return 0;
    SALVOR_TRY(const auto row, row_of(db, *last));
    return row.row_key.revision.main;
}

}  // namespace

Result<Bounds> bounds(const bbolt::Database& db) {
    Bounds bounds;
    SALVOR_TRY(bounds.finished, compaction_mark(db, etcd::meta_keys::finished_compact));
    SALVOR_TRY(bounds.scheduled, compaction_mark(db, etcd::meta_keys::scheduled_compact));
    SALVOR_TRY(const auto last, last_main_revision(db));
    bounds.compacted = std::max(bounds.finished, bounds.scheduled);
    bounds.current = std::max({last, bounds.compacted, std::int64_t{1}});
    return bounds;
}

std::unexpected<Error> compacted_revision() {
    return fail(ErrorCode::refused, "mvcc: required revision has been compacted");
}

std::unexpected<Error> future_revision() {
    return fail(ErrorCode::refused, "mvcc: required revision is a future revision");
}

Result<void> for_each_row(const bbolt::Database& db, const std::function<bool(const Row&)>& each) {
    return walk_rows(db, [&](const Row& row, RowPosition) { return each(row); });
}

}  // namespace salvor::timeline
