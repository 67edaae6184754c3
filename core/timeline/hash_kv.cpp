#include "core/timeline/hash_kv.hpp"

#include <atomic>
#include <optional>
#include <vector>

#include "core/timeline/compaction.hpp"
#include "core/timeline/key_table.hpp"
#include "core/timeline/keyspace.hpp"
#include "core/timeline/parts.hpp"
#include "formats/base/checksum.hpp"

// Source: etcd server/storage/mvcc/{hash,kvstore,key_index}.go

namespace salvor::timeline {
namespace {

/// What the hash is of, fixed before the first row is read.
struct Question {
    std::int64_t revision;
    std::int64_t compacted;
    const KeyTable* newest;  ///< nullptr: no row is left out for being superseded

    bool takes(const Row& row, RowPosition position) const {
        const auto main = row.row_key.revision.main;
        if (main > revision) return false;
        if (main == compacted && row.row_key.tombstone) return false;
        if (main > compacted || !newest) return true;
        const auto kv = etcd::parse_key_value(row.raw_value);
        const auto note = kv ? newest->look_up(kv->key) : std::nullopt;
        return note && note->live && note->row == position;
    }
};

struct Part {
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
};

/// Hashes the subtrees of the key bucket side by side.
class ParallelHash {
 public:
    ParallelHash(const bbolt::Database& db, const Question& question,
                 const std::vector<bbolt::Bucket>& subtrees)
        : db_(db), question_(question), subtrees_(subtrees), outcomes_(subtrees.size()) {}

    Result<std::uint32_t> run() {
        side_by_side(subtrees_.size(),
                     [this](std::size_t i) { outcomes_[i] = hash(subtrees_[i]); });
        auto crc = crc32c(0, etcd::buckets::key);
        for (const auto& outcome : outcomes_) {
            if (!outcome) return std::unexpected(outcome.error());
            crc = crc32c_combine(crc, outcome->crc, outcome->size);
        }
        return crc;
    }

 private:
    Result<Part> hash(const bbolt::Bucket& subtree) {
        Part part;
        bool within = true;
        SALVOR_CHECK(walk_rows(db_, subtree, [&](const Row& row, RowPosition position) {
            if (!question_.takes(row, position)) return true;
            part.crc = crc32c(crc32c(part.crc, row.raw_key), row.raw_value);
            const auto size = row.raw_key.size() + row.raw_value.size();
            part.size += size;
            within = (hashed_ += size) <= db_.image().size();
            return within;
        }));
        if (!within) return too_many_rows(db_);
        return part;
    }

    const bbolt::Database& db_;
    const Question& question_;
    const std::vector<bbolt::Bucket>& subtrees_;
    std::vector<Result<Part>> outcomes_;
    std::atomic<std::uint64_t> hashed_ = 0;
};

Result<std::uint32_t> hash_rows(const bbolt::Database& db, const Question& question) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return crc32c(0, etcd::buckets::key);
    SALVOR_TRY(const auto parts, subtrees(db, *bucket, wanted_parts));
    return ParallelHash(db, question, parts).run();
}

}  // namespace

Result<HashKv> hash_kv(const bbolt::Database& db, std::int64_t revision) {
    SALVOR_TRY(const auto state, bounds(db));
    if (revision > 0 && revision < state.compacted) return compacted_revision();
    if (revision > state.current) return future_revision();
    Question question{revision == 0 ? state.current : revision, state.compacted, nullptr};
    std::optional<KeyTable> newest;
    if (state.compacted >= 0 && question.revision >= first_revision) {
        SALVOR_TRY(newest, kept_rows(db, question.revision));
        if (newest->any_live()) question.newest = &*newest;
    }
    SALVOR_TRY(const auto hash, hash_rows(db, question));
    return HashKv{hash, question.revision, state.compacted};
}

}  // namespace salvor::timeline
