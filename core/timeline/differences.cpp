#include "core/timeline/differences.hpp"

#include <algorithm>

#include "core/timeline/key_hash.hpp"
#include "core/timeline/keyspace.hpp"

namespace salvor::timeline {
namespace {

/// The rows of a database up to a revision, one after another; or a leaf at a time.
class Rows {
 public:
    static Result<Rows> of(const Moment& moment) {
        SALVOR_TRY(const auto bucket, moment.db->bucket(etcd::buckets::key));
        Rows rows(moment);
        if (!bucket) return rows;
        rows.leaves_.emplace(*moment.db, *bucket);
        SALVOR_CHECK(rows.next_leaf());
        return rows;
    }

    bool at_end() const { return leaf_ == nullptr; }
    /// A leaf none of whose rows was passed yet, and all of whose rows are wanted.
    bool at_whole_leaf() const { return index_ == 0 && is_whole_; }
    const bbolt::PageView& leaf() const { return *leaf_; }
    const Row& row() const { return row_; }
    const bbolt::Database& db() const { return *moment_.db; }

    Result<void> next() {
        if (++index_ == leaf_->count()) return next_leaf();
        return read();
    }

    Result<void> next_leaf() {
        do {
            SALVOR_TRY(leaf_, leaves_->next());
            if (!leaf_) return {};
        } while (leaf_->count() == 0);
        rows_ += leaf_->count();
        if (rows_ > max_rows(db())) return too_many_rows(db());
        index_ = 0;
        const auto last = etcd::parse_row_key(leaf_->leaf(leaf_->count() - 1).key);
        is_whole_ = last && last->revision.main <= moment_.revision;
        return read();
    }

 private:
    explicit Rows(const Moment& moment) : moment_(moment) {}

    Result<void> read() {
        SALVOR_TRY(row_, row_of(db(), leaf_->leaf(index_)));
        if (row_.row_key.revision.main > moment_.revision) leaf_ = nullptr;
        return {};
    }

    Moment moment_;
    std::optional<bbolt::Leaves> leaves_;
    const bbolt::PageView* leaf_ = nullptr;
    std::size_t index_ = 0;
    std::uint64_t rows_ = 0;
    bool is_whole_ = false;
    Row row_{};
};

/// Whether two leaves have the same rows, told by their bytes; no does not mean that they differ.
bool is_same(const bbolt::PageView& a, const bbolt::PageView& b) {
    return a.count() == b.count() &&
           a.run().substr(bbolt::page_header_size) == b.run().substr(bbolt::page_header_size);
}

}  // namespace

/// Goes along two databases, row by row where their leaves are not the same.
class Differences::Walk {
 public:
    Walk(Differences& found, Rows before, Rows after, std::int64_t both_keep)
        : found_(found),
          before_(std::move(before)),
          after_(std::move(after)),
          both_keep_(both_keep) {}

    Result<void> run(std::int64_t both_reach) {
        both_reach_ = both_reach;
        while (!before_.at_end() || !after_.at_end()) SALVOR_CHECK(step());
        return {};
    }

 private:
    Result<void> step() {
        if (before_.at_end()) return only(after_);
        if (after_.at_end()) return only(before_);
        if (before_.at_whole_leaf() && after_.at_whole_leaf() &&
            is_same(before_.leaf(), after_.leaf())) {
            ++found_.kinship_.shared_pages;
            SALVOR_CHECK(before_.next_leaf());
            return after_.next_leaf();
        }
        const auto& a = before_.row();
        const auto& b = after_.row();
        if (a.raw_key < b.raw_key) return only(before_);
        if (b.raw_key < a.raw_key) return only(after_);
        if (a.raw_value == b.raw_value) {
            ++found_.kinship_.shared_rows;
        } else {
            part_at(a.row_key.revision.main);
            SALVOR_CHECK(note(before_));
            SALVOR_CHECK(note(after_));
        }
        SALVOR_CHECK(before_.next());
        return after_.next();
    }

    Result<void> only(Rows& rows) {
        const auto revision = rows.row().row_key.revision.main;
        // What compaction took from the other is no sign of another lineage.
        if (revision > both_keep_ && revision <= both_reach_) part_at(revision);
        SALVOR_CHECK(note(rows));
        return rows.next();
    }

    Result<void> note(const Rows& rows) {
        if (rows.row().raw_value.empty()) return {};  // a bump's marker
        SALVOR_TRY(const auto key, key_of(rows.db(), rows.row()));
        found_.note(key);
        return {};
    }

    void part_at(std::int64_t revision) {
        if (revision < first_revision) return;
        auto& parted = found_.kinship_.parted_at;
        parted = std::min(parted.value_or(revision), revision);
    }

    Differences& found_;
    Rows before_, after_;
    std::int64_t both_keep_;       ///< revisions behind this were compacted in neither
    std::int64_t both_reach_ = 0;  ///< revisions up to this were there in both
};

void Differences::note(Bytes key) {
    const auto hash = hash_of(key);
    for (const auto half : {hash, hash >> 32}) {
        const auto bit = half % bit_count;
        bits_[bit / bits_per_word] |= std::uint64_t{1} << (bit % bits_per_word);
    }
}

bool Differences::may_differ(Bytes key) const {
    const auto hash = hash_of(key);
    const auto has = [&](std::uint64_t half) {
        const auto bit = half % bit_count;
        return (bits_[bit / bits_per_word] >> (bit % bits_per_word) & 1) != 0;
    };
    return has(hash) && has(hash >> 32);
}

Result<void> Differences::note_rows_between(const bbolt::Database& db, std::int64_t first,
                                            std::int64_t last) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return {};
    bbolt::Leaves leaves(db, *bucket);
    const auto start = etcd::encode_revision({first, 0});
    SALVOR_TRY(const auto* leaf, leaves.seek(Bytes(start.data(), start.size())));
    std::uint64_t rows = 0;
    for (auto i = leaves.index(); leaf; i = 0) {
        rows += leaf->count();
        if (rows > max_rows(db)) return too_many_rows(db);
        for (; i < leaf->count(); ++i) {
            SALVOR_TRY(const auto row, row_of(db, leaf->leaf(i)));
            if (row.row_key.revision.main > last) return {};
            if (row.raw_value.empty()) continue;
            SALVOR_TRY(const auto key, key_of(db, row));
            note(key);
        }
        SALVOR_TRY(leaf, leaves.next());
    }
    return {};
}

Result<Differences> Differences::between(const Moment& before, const Moment& after) {
    Differences found;
    if (before.db == after.db) {
        const auto [first, last] = std::minmax(before.revision, after.revision);
        SALVOR_CHECK(found.note_rows_between(*before.db, first + 1, last));
        found.kinship_.shared_rows = 1;
        return found;
    }
    SALVOR_TRY(const auto old_bounds, bounds(*before.db));
    SALVOR_TRY(const auto new_bounds, bounds(*after.db));
    SALVOR_TRY(auto old_rows, Rows::of(before));
    SALVOR_TRY(auto new_rows, Rows::of(after));
    Walk walk(found, std::move(old_rows), std::move(new_rows),
              std::max(old_bounds.compacted, new_bounds.compacted));
    SALVOR_CHECK(walk.run(std::min(before.revision, after.revision)));
    return found;
}

void each_difference(const State& before, const State& after, const RowPair& each) {
    const auto same = [](const etcd::KeyValue& a, const etcd::KeyValue& b) {
        return a.mod_revision == b.mod_revision && a.create_revision == b.create_revision &&
               a.version == b.version && a.lease == b.lease && a.value == b.value;
    };
    for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
        const auto a = i < before.size() ? before[i] : etcd::KeyValue{};
        const auto b = j < after.size() ? after[j] : etcd::KeyValue{};
        const bool take_a = j == after.size() || (i < before.size() && a.key <= b.key);
        const bool take_b = i == before.size() || (j < after.size() && b.key <= a.key);
        if (!(take_a && take_b && same(a, b)) &&
            !each(take_a ? &a : nullptr, take_b ? &b : nullptr))
            return;
        i += take_a ? 1 : 0;
        j += take_b ? 1 : 0;
    }
}

}  // namespace salvor::timeline
