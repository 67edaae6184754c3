#include "core/timeline/state.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "core/timeline/key_order.hpp"
#include "core/timeline/key_table.hpp"
#include "core/timeline/keyspace.hpp"
#include "core/timeline/parts.hpp"

namespace salvor::timeline {
namespace {

/// As kvstore_txn.go rangeKeys.
Result<std::int64_t> revision_to_show(const bbolt::Database& db, std::int64_t asked) {
    SALVOR_TRY(const auto state, bounds(db));
    if (asked > state.current) return future_revision();
    const auto shown = asked <= 0 ? state.current : asked;
    if (shown < state.compacted) return compacted_revision();
    return shown;
}

/// Notes the newest row of each selected key, up to a revision. The tree's parts are walked side by
/// side, and what was found in each is noted in their order.
class NewestRows {
 public:
    NewestRows(const bbolt::Database& db, std::int64_t revision,
               const std::function<bool(Bytes)>& keep, const std::vector<bbolt::Bucket>& parts)
        : db_(db), revision_(revision), keep_(keep), parts_(parts) {}

    Result<KeyTable> run() {
        SALVOR_TRY(table_, KeyTable::over(db_));
        side_by_side(parts_.size(), [this](std::size_t i) { take(i); });
        SALVOR_CHECK(outcome_);
        return std::move(*table_);
    }

 private:
    /// What a part has: rows that are kept, and whether those behind it are later ones.
    struct Found {
        std::vector<KeyTable::Note> rows;
        std::uint64_t walked = 0;
        bool at_end = false;
        Result<void> outcome;
    };

    void take(std::size_t part) {
        Found found;
        if (!over_) found.outcome = walk(parts_[part], found);
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return noted_ == part; });
        if (!over_) note(found);
        ++noted_;
        turn_.notify_all();
    }

    Result<void> walk(const bbolt::Bucket& part, Found& found) const {
        Result<void> parsed;
        SALVOR_CHECK(walk_rows(db_, part, [&](const Row& row, RowPosition position) {
            ++found.walked;
            const auto main = row.row_key.revision.main;
            found.at_end = main > revision_;
            if (found.at_end) return false;
            if (main < first_revision) return true;
            const auto key = key_of(db_, row);
            if (key && !keep_(*key)) return true;
            if (const auto kept = key_value_of(db_, row); !kept) [[unlikely]] {
                parsed = std::unexpected(kept.error());
                return false;
            }
            found.rows.push_back({position, !row.row_key.tombstone});
            return true;
        }));
        return parsed;
    }

    void note(const Found& found) {
        for (const auto& row : found.rows) {
            const auto value = entry_at(db_, row.row).value;
            table_->find(etcd::parse_key(value).value_or(Bytes{})).put(row);
        }
        walked_ += found.walked;
        outcome_ = found.outcome;
        if (outcome_ && walked_ > max_rows(db_)) outcome_ = too_many_rows(db_);
        over_ = found.at_end || !outcome_;
    }

    const bbolt::Database& db_;
    std::int64_t revision_;
    const std::function<bool(Bytes)>& keep_;
    const std::vector<bbolt::Bucket>& parts_;
    std::atomic<bool> over_{false};  ///< nothing behind the parts that are noted counts

    std::mutex mutex_;  ///< of all below
    std::condition_variable turn_;
    std::size_t noted_ = 0;
    std::optional<KeyTable> table_;
    std::uint64_t walked_ = 0;
    Result<void> outcome_;
};

/// In a smaller file a thread costs more than it brings.
constexpr std::size_t least_image = 8 << 20;

Result<KeyTable> newest_rows(const bbolt::Database& db, std::int64_t revision,
                             const std::function<bool(Bytes)>& keep) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return KeyTable::over(db);
    const auto wanted = db.image().size() < least_image ? 1 : wanted_parts;
    SALVOR_TRY(const auto parts, subtrees(db, *bucket, wanted));
    return NewestRows(db, revision, keep, parts).run();
}

std::int64_t number_of(const etcd::KeyValue& kv, SortBy by) {
    switch (by) {
        case SortBy::create: return kv.create_revision;
        case SortBy::modify: return kv.mod_revision;
        case SortBy::version: return kv.version;
        default: return 0;
    }
}

}  // namespace

std::string prefix_end(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
    if (prefix.empty()) return std::string(1, '\0');
    ++prefix.back();
    return prefix;
}

etcd::KeyValue State::operator[](std::size_t i) const {
    return etcd::parse_key_value(entry_at(*db_, entries_[i].row).value).value_or(etcd::KeyValue{});
}

Bytes State::key(std::size_t i) const {
    return etcd::parse_key(entry_at(*db_, entries_[i].row).value).value_or(Bytes{});
}

void State::ask_for(std::size_t i) const {
    __builtin_prefetch(db_->image().data() + number(entries_[i].row));
}

void State::ask_for_value(std::size_t i) const {
    constexpr std::size_t line = 64, lines = 8;  // what follows comes by itself
    const auto value = entry_at(*db_, entries_[i].row).value;
    for (std::size_t at = 0; at < std::min(value.size(), line * lines); at += line)
        __builtin_prefetch(value.data() + at);
}

std::size_t State::lower_bound(Bytes key) const {
    const auto below = [this](const Entry& entry, Bytes wanted) {
        return etcd::parse_key(entry_at(*db_, entry.row).value).value_or(Bytes{}) < wanted;
    };
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), key, below);
    return static_cast<std::size_t>(found - entries_.begin());
}

void State::sort(SortBy by, Order order) {
    if (by == SortBy::key) {
        if (order == Order::descend) std::reverse(entries_.begin(), entries_.end());
        return;
    }
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    for (std::size_t i = 0; i < size(); ++i) {
        entries_[i].word = static_cast<std::uint64_t>(number_of((*this)[i], by)) ^ sign;
    }
    const auto value = [this](const Entry& entry) {
        return etcd::parse_key_value(entry_at(*db_, entry.row).value)
            .value_or(etcd::KeyValue{})
            .value;
    };
    const auto less = [&](const Entry& a, const Entry& b) {
        return by == SortBy::value ? value(a) < value(b) : a.word < b.word;
    };
    std::stable_sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        return order == Order::ascend ? less(a, b) : less(b, a);
    });
}

Result<State> range(const bbolt::Database& db, const Selection& selection) {
    return range(db, selection.revision, [&](Bytes key) { return selection.holds(key); });
}

Result<State> range(const bbolt::Database& db, std::int64_t revision,
                    const std::function<bool(Bytes)>& keep) {
    SALVOR_TRY(const auto shown, revision_to_show(db, revision));
    SALVOR_TRY(auto table, newest_rows(db, shown, keep));
    State state(db, shown);
    state.entries_.reserve(table.size());
    table.drain([&](const KeyTable::Note& note) {
        if (note.live) state.entries_.push_back({note.row, 0});
    });
    sort_by_key(db, state.entries_);
    return state;
}

Result<std::vector<Attachment>> attachments(const bbolt::Database& db) {
    SALVOR_TRY(const auto state, range(db, {"", std::string(1, '\0'), 0}));
    std::vector<Attachment> found;
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto kv = state[i];
        if (kv.lease != 0) found.push_back({kv.lease, kv.key});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.lease < b.lease; });
    return found;
}

}  // namespace salvor::timeline
