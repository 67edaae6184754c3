#include "core/timeline/differences.hpp"

#include <algorithm>
#include <atomic>

#include "core/timeline/key_hash.hpp"
#include "core/timeline/keyspace.hpp"
#include "core/timeline/parts.hpp"

namespace salvor::timeline {
namespace {

/// The rows of a database from one revision to another, one after another; or a leaf at a time.
class Rows {
 public:
    /// `first` 0: from the beginning.
    static Result<Rows> of(const Moment& moment, std::int64_t first) {
        SALVOR_TRY(const auto bucket, moment.db->bucket(etcd::buckets::key));
        Rows rows(moment);
        if (!bucket) return rows;
        rows.leaves_.emplace(*moment.db, *bucket);
        SALVOR_CHECK(first == 0 ? rows.next_leaf() : rows.seek(first));
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
        return enter(0);
    }

 private:
    explicit Rows(const Moment& moment) : moment_(moment) {}

    Result<void> seek(std::int64_t first) {
        const auto start = etcd::encode_revision({first, 0});
        SALVOR_TRY(leaf_, leaves_->seek(Bytes(start.data(), start.size())));
        return leaf_ ? enter(leaves_->index()) : Result<void>{};
    }

    Result<void> enter(std::size_t index) {
        rows_ += leaf_->count();
        if (rows_ > max_rows(db())) return too_many_rows(db());
        index_ = index;
        const auto last = etcd::parse_row_key(leaf_->leaf(leaf_->count() - 1).key);
        is_whole_ = last && last->revision.main <= moment_.revision;
        return read();
    }

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

/// Where parts of the tree begin that can be walked side by side: revisions, the first of them 0.
Result<std::vector<std::int64_t>> part_starts(const bbolt::Database& db) {
    // In a smaller file a thread costs more than it brings.
    constexpr std::size_t least_image = 1 << 20;
    std::vector<std::int64_t> starts{0};
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket || db.image().size() < least_image) return starts;
    SALVOR_TRY(const auto parts, subtrees(db, *bucket, wanted_parts));
    for (const auto& part : parts) {
        const auto page = db.check_first_page(part);
        const auto row =
            page && page->count() > 0 ? etcd::parse_row_key(page->key(0)) : std::nullopt;
        if (row && row->revision.main > starts.back()) starts.push_back(row->revision.main);
    }
    return starts;
}

}  // namespace

/// Goes along two databases, row by row where their leaves are not the same.
class Differences::Walk {
 public:
    /// What of the two histories was kept in both, and how far both reach.
    struct Common {
        std::int64_t keep;   ///< revisions behind this were compacted in neither
        std::int64_t reach;  ///< revisions up to this were there in both
    };
    Walk(Differences& found, Kinship& kinship, Rows before, Rows after, const Common& common)
        : found_(found),
          kinship_(kinship),
          before_(std::move(before)),
          after_(std::move(after)),
          common_(common) {}

    Result<void> run() {
        while (!before_.at_end() || !after_.at_end()) SALVOR_CHECK(step());
        return {};
    }

 private:
    Result<void> step() {
        if (before_.at_end()) return only(after_);
        if (after_.at_end()) return only(before_);
        if (before_.at_whole_leaf() && after_.at_whole_leaf() &&
            is_same(before_.leaf(), after_.leaf())) {
            ++kinship_.shared_pages;
            SALVOR_CHECK(before_.next_leaf());
            return after_.next_leaf();
        }
        const auto& a = before_.row();
        const auto& b = after_.row();
        if (a.raw_key < b.raw_key) return only(before_);
        if (b.raw_key < a.raw_key) return only(after_);
        if (a.raw_value == b.raw_value) {
            ++kinship_.shared_rows;
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
        if (revision > common_.keep && revision <= common_.reach) part_at(revision);
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
        auto& parted = kinship_.parted_at;
        parted = std::min(parted.value_or(revision), revision);
    }

    Differences& found_;
    Kinship& kinship_;
    Rows before_, after_;
    Common common_;
};

void Differences::note(Bytes key) {
    const auto hash = hash_of(key);
    for (const auto half : {hash, hash >> 32}) {
        const auto bit = half % bit_count;
        std::atomic_ref(bits_[bit / bits_per_word])
            .fetch_or(std::uint64_t{1} << (bit % bits_per_word), std::memory_order_relaxed);
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
    SALVOR_CHECK(found.compare(before, after));
    return found;
}

/// Part by part, as far as there are cores; an Error is that of the first part that has one.
Result<void> Differences::compare(const Moment& before, const Moment& after) {
    SALVOR_TRY(const auto old_bounds, bounds(*before.db));
    SALVOR_TRY(const auto new_bounds, bounds(*after.db));
    const Walk::Common common{std::max(old_bounds.compacted, new_bounds.compacted),
                              std::min(before.revision, after.revision)};
    SALVOR_TRY(const auto starts, part_starts(*before.db));
    std::vector<Kinship> kinships(starts.size());
    std::vector<Result<void>> outcomes(starts.size());
    const auto part = [&](std::size_t i) -> Result<void> {
        const auto within = [&](Moment moment) {
            if (i + 1 < starts.size())
                moment.revision = std::min(moment.revision, starts[i + 1] - 1);
            return moment;
        };
        SALVOR_TRY(auto old_rows, Rows::of(within(before), starts[i]));
        SALVOR_TRY(auto new_rows, Rows::of(within(after), starts[i]));
        return Walk(*this, kinships[i], std::move(old_rows), std::move(new_rows), common).run();
    };
    side_by_side(starts.size(), [&](std::size_t i) { outcomes[i] = part(i); });
    for (std::size_t i = 0; i < starts.size(); ++i) {
        SALVOR_CHECK(outcomes[i]);
        kinship_.take(kinships[i]);
    }
    return {};
}

void Kinship::take(const Kinship& part) {
    if (part.parted_at) parted_at = std::min(parted_at.value_or(*part.parted_at), *part.parted_at);
    shared_rows += part.shared_rows;
    shared_pages += part.shared_pages;
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
