#pragma once

#include "core/timeline/key_table.hpp"

// What a compaction leaves. Source: etcd server/storage/mvcc/key_index.go

namespace salvor::timeline {

/// Of each key the newest row up to a revision, as the index of a server has it: where a tombstone
/// at exactly that revision closes the key's history, that is it, whatever follows. Errors:
/// malformed, too_large.
Result<KeyTable> kept_rows(const bbolt::Database& db, std::int64_t revision);

/// Whether a compaction at `revision` leaves a row, of which `newest` is what kept_rows() notes of
/// its key. Since 3.4.34 and 3.5.16 a tombstone at exactly that revision stays.
inline bool is_kept(const etcd::RowKey& row, RowPosition position,
                    const std::optional<KeyTable::Note>& newest, std::int64_t revision) {
    if (row.revision.main > revision) return true;
    return newest && newest->row == position && (newest->live || row.revision.main == revision);
}

}  // namespace salvor::timeline
