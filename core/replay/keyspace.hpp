#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/timeline/state.hpp"
#include "formats/etcd/request.hpp"

namespace salvor::replay {

/// A row that the log wrote. A tombstone has only the key. Views into the log, or into the db where
/// a put kept what was there.
struct NewRow {
    etcd::RowKey row_key;
    etcd::KeyValue kv;
};

/// The mvcc store as the log goes on. 16 bytes of memory a live key of the db; some 160 a row that
/// the log wrote. Source: etcd server/storage/mvcc/{kvstore,kvstore_txn}.go
class Keyspace {
 public:
    /// The database must outlive it, and so must all that is put. Errors: malformed, too_large.
    static Result<Keyspace> over(const bbolt::Database& db);

    std::int64_t revision() const { return revision_; }
    std::int64_t compacted() const { return compacted_; }
    /// Up to where rows are to be left out, by a compaction of the log or one that the member had
    /// begun and not finished; nullopt where there is neither.
    std::optional<std::int64_t> compaction() const { return compaction_; }

    std::optional<etcd::KeyValue> live(Bytes key) const;
    /// The live keys of a range, ascending, until `each` returns false.
    template <class Each>
    void for_each_live(const etcd::KeyRange& range, Each&& each) const;
    /// The live keys that a lease is attached to, ascending.
    std::set<Bytes> attached(std::int64_t lease) const;

    // All writes up to end() are of one main revision.
    void put(Bytes key, Bytes value, std::int64_t lease);
    /// Of live keys alone.
    void remove(const etcd::KeyRange& range);
    void end();

    /// Rows that it no longer needs are left out when the store is written. The revision must be
    /// above compacted() and not above revision().
    void compact(std::int64_t revision);

    const std::vector<NewRow>& rows() const { return rows_; }

 private:
    Keyspace(timeline::State base, std::int64_t revision, std::int64_t compacted)
        : base_(std::move(base)), revision_(revision), compacted_(compacted) {}
    std::optional<std::size_t> in_base(Bytes key) const;
    void add(Bytes key, const etcd::KeyValue& kv, bool tombstone);
    void detach(Bytes key, std::int64_t lease);
    void note_base_leases() const;

    timeline::State base_;
    std::int64_t revision_;
    std::int64_t compacted_;
    std::optional<std::int64_t> compaction_;
    std::int64_t sub_ = 0;
    std::vector<NewRow> rows_;
    std::map<Bytes, std::size_t> newest_;  ///< of the keys that the log touched: position in rows_
    std::map<std::int64_t, std::set<Bytes>> attached_;  ///< by rows of the log
    /// Lease and position in base_; read when first asked for.
    mutable std::optional<std::vector<std::pair<std::int64_t, std::size_t>>> base_leases_;
};

template <class Each>
void Keyspace::for_each_live(const etcd::KeyRange& range, Each&& each) const {
    if (range.end.empty()) {
        if (const auto kv = live(range.key)) each(*kv);
        return;
    }
    const bool open = range.end == Bytes("\0", 1);
    const auto within = [&](Bytes key) { return open || key < range.end; };
    auto touched = newest_.lower_bound(range.key);
    auto stored = base_.lower_bound(range.key);
    for (;;) {
        const bool has_stored = stored < base_.size() && within(base_.key(stored));
        const bool has_touched = touched != newest_.end() && within(touched->first);
        if (!has_stored && !has_touched) return;
        const auto stored_key = has_stored ? base_.key(stored) : Bytes{};
        if (!has_touched || (has_stored && stored_key < touched->first)) {
            if (!each(base_[stored++])) return;
            continue;
        }
        if (has_stored && stored_key == touched->first) ++stored;
        const auto& row = rows_[(touched++)->second];
        if (!row.row_key.tombstone && !each(row.kv)) return;
    }
}

}  // namespace salvor::replay
