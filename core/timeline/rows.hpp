#pragma once

#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::timeline {

/// One row of the `key` bucket; views into the map.
struct Row {
    etcd::RowKey row_key;
    Bytes raw_key;    ///< 17 or 18 bytes
    Bytes raw_value;  ///< the encoded KeyValue; empty for a bump's marker row
};

/// A leaf entry of the `key` bucket. Error: malformed, with the offset, where the key is no row
/// key.
Result<Row> row_of(const bbolt::Database& db, const bbolt::LeafEntry& entry);
std::unexpected<Error> no_row_key(const bbolt::Database& db, const bbolt::LeafEntry& entry);

/// What a row holds. Error: malformed, with the row's revision and offset.
Result<etcd::KeyValue> key_value_of(const bbolt::Database& db, const Row& row);

/// The user key alone. Error: as key_value_of().
Result<Bytes> key_of(const bbolt::Database& db, const Row& row);

/// Where a row's leaf element starts in the image: all that has to be kept to find the row again.
enum class RowPosition : std::uint64_t {};
constexpr std::uint64_t number(RowPosition position) {
    return static_cast<std::uint64_t>(position);
}
/// The entry at a position that a walk over the same database gave.
bbolt::LeafEntry entry_at(const bbolt::Database& db, RowPosition position);

/// No file has more rows than this; where a walk meets more, pages are reached again and again.
inline std::uint64_t max_rows(const bbolt::Database& db) {
    return db.image().size() / (bbolt::element_size + etcd::revision_size) + 1;
}
std::unexpected<Error> too_many_rows(const bbolt::Database& db);

/// Calls `each(row, position)` for every row of a bucket in revision order until it returns false.
/// Errors: malformed (the tree or a row key).
template <class Each>
Result<void> walk_rows(const bbolt::Database& db, const bbolt::Bucket& bucket, Each&& each) {
    bbolt::Leaves leaves(db, bucket);
    std::uint64_t rows = 0;
    for (;;) {
        SALVOR_TRY(const auto* leaf, leaves.next());
        if (!leaf) return {};
        rows += leaf->count();
        if (rows > max_rows(db)) return too_many_rows(db);
        for (std::size_t i = 0; i < leaf->count(); ++i) {
            const auto entry = leaf->leaf(i);
            const auto row_key = etcd::parse_row_key(entry.key);
            if (!row_key || entry.is_bucket) [[unlikely]]
                return no_row_key(db, entry);
            if (!each(Row{*row_key, entry.key, entry.value}, RowPosition{leaf->element_offset(i)}))
                return {};
        }
    }
}

/// The same for the whole `key` bucket; without one there are no rows.
template <class Each>
Result<void> walk_rows(const bbolt::Database& db, Each&& each) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return {};
    return walk_rows(db, *bucket, std::forward<Each>(each));
}

/// Calls `each(row, position, key_value)`; a value that does not parse ends it with the Error.
template <class Each>
Result<void> walk_key_values(const bbolt::Database& db, Each&& each) {
    Result<void> parsed;
    SALVOR_CHECK(walk_rows(db, [&](const Row& row, RowPosition position) {
        const auto kv = key_value_of(db, row);
        if (kv) return each(row, position, *kv);
        parsed = std::unexpected(kv.error());
        return false;
    }));
    return parsed;
}

}  // namespace salvor::timeline
