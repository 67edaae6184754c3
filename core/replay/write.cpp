#include "core/replay/write.hpp"

#include <map>

#include "core/replay/replay.hpp"
#include "core/timeline/compaction.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::replay {
namespace {

/// The `key` bucket: the rows of the db, then those of the log, less what a compaction left out.
class KeyRows {
 public:
    KeyRows(const bbolt::Database& db, const Keyspace& keys, bbolt::DenseWriter& out)
        : db_(db), keys_(keys), out_(out), compaction_(keys.compaction()) {}

    Result<void> write() {
        SALVOR_CHECK(note_kept());
        SALVOR_TRY(const auto bucket, db_.bucket(etcd::buckets::key));
        if (bucket) {
            Result<void> written;
            SALVOR_CHECK(timeline::walk_rows(
                db_, *bucket, [&](const timeline::Row& row, timeline::RowPosition position) {
                    written = write_stored(row, position);
                    return written.has_value();
                }));
            SALVOR_CHECK(written);
        }
        for (std::size_t i = 0; i < keys_.rows().size(); ++i) SALVOR_CHECK(write_new(i));
        return {};
    }

 private:
    Result<void> note_kept() {
        if (!compaction_) return {};
        SALVOR_TRY(kept_, timeline::kept_rows(db_, *compaction_));
        for (std::size_t i = 0; i < keys_.rows().size(); ++i) {
            const auto& row = keys_.rows()[i];
            if (row.row_key.revision.main <= *compaction_) kept_new_[row.kv.key] = i;
        }
        return {};
    }

    Result<void> write_stored(const timeline::Row& row, timeline::RowPosition position) {
        if (compaction_ && row.row_key.revision.main <= *compaction_) {
            SALVOR_TRY(const auto key, timeline::key_of(db_, row));
            if (kept_new_.contains(key) ||
                !timeline::is_kept(row.row_key, position, kept_->look_up(key), *compaction_)) {
                return {};
            }
        }
        return out_.put(row.raw_key, row.raw_value);
    }

    Result<void> write_new(std::size_t at) {
        const auto& [row_key, kv] = keys_.rows()[at];
        const auto main = row_key.revision.main;
        if (compaction_ && main <= *compaction_ &&
            (kept_new_[kv.key] != at || (row_key.tombstone && main != *compaction_))) {
            return {};
        }
        const auto revision = etcd::encode_revision(row_key.revision);
        std::string key(revision.data(), revision.size());
        if (row_key.tombstone) key += 't';
        return out_.put(key, etcd::encode_key_value(kv));
    }

    const bbolt::Database& db_;
    const Keyspace& keys_;
    bbolt::DenseWriter& out_;
    std::optional<std::int64_t> compaction_;
    std::optional<timeline::KeyTable> kept_;
    std::map<Bytes, std::size_t> kept_new_;  ///< of the log's rows, by key
};

}  // namespace

/// Where in the log it ended.
void Replay::note_position(bbolt::Change& change) const {
    if (outcome_.index == outcome_.index_before) return;
    auto& meta = change[std::string(etcd::buckets::meta)].keys;
    meta[std::string(etcd::meta_keys::consistent_index)] = etcd::encode_u64(outcome_.index);
    if (outcome_.line == etcd::Line::v3_4) return;
    meta[std::string(etcd::meta_keys::term)] = etcd::encode_u64(outcome_.term);
}

Result<void> Replay::write(FileWriter& out) const {
    auto change = applier_->buckets().change();
    note_position(change);
    return write_db(db(), std::move(change), applier_->keys(), out);
}

Result<void> write_db(const bbolt::Database& from, bbolt::Change change, const Keyspace& keys,
                      FileWriter& out) {
    bbolt::DenseWriter writer(out, from.page_size());
    change[std::string(etcd::buckets::key)].delete_all = true;  // written by itself
    const bbolt::Visitor visitor{[&](Bytes name) -> Result<void> {
                                     SALVOR_CHECK(writer.begin_bucket(name));
                                     if (name != etcd::buckets::key) return {};
                                     return KeyRows(from, keys, writer).write();
                                 },
                                 [&](Bytes key, Bytes value) { return writer.put(key, value); }};
    SALVOR_CHECK(bbolt::walk_changed(from, change, visitor));
    return writer.finish(bbolt::TxId{number(from.meta().txid) + 1});
}

}  // namespace salvor::replay
