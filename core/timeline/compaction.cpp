#include "core/timeline/compaction.hpp"

#include "core/timeline/keyspace.hpp"

namespace salvor::timeline {
namespace {

/// Whether etcd's index would not take a row in: a tombstone of a dead key, or a put after a
/// tombstone at exactly the revision that is asked for, which has closed the key's history.
bool is_ignored(const bbolt::Database& db, const std::optional<KeyTable::Note>& before,
                const Row& row, std::int64_t revision) {
    if (!before || before->live) return false;
    if (row.row_key.tombstone) return true;
    const auto closing = etcd::parse_row_key(entry_at(db, before->row).key);
    return closing && closing->revision.main == revision;
}

}  // namespace

Result<KeyTable> kept_rows(const bbolt::Database& db, std::int64_t revision) {
    SALVOR_TRY(auto table, KeyTable::over(db));
    SALVOR_CHECK(
        walk_key_values(db, [&](const Row& row, RowPosition position, const etcd::KeyValue& kv) {
            const auto main = row.row_key.revision.main;
            if (main > revision) return false;
            if (main < first_revision) return true;
            auto place = table.find(kv.key);
            if (!is_ignored(db, place.note(), row, revision))
                place.put({position, !row.row_key.tombstone});
            return true;
        }));
    return table;
}

}  // namespace salvor::timeline
