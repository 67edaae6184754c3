#include "core/rewrite/rewrite.hpp"
#include "core/timeline/compaction.hpp"
#include "core/timeline/keyspace.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::rewrite {
namespace {

Result<std::int64_t> revision_to_compact(const bbolt::Database& db,
                                         std::optional<std::int64_t> wanted) {
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    const auto revision = wanted.value_or(bounds.current);
    if (revision <= bounds.compacted && wanted) return timeline::compacted_revision();
    if (revision > bounds.current) return timeline::future_revision();
    return revision;
}

/// The rows that stay.
class Compaction {
 public:
    Compaction(const bbolt::Database& db, std::int64_t revision, bbolt::DenseWriter& out,
               Rewritten& said)
        : db_(db), revision_(revision), out_(out), said_(said) {}

    Result<void> write_keys() {
        SALVOR_TRY(const auto kept, timeline::kept_rows(db_, revision_));
        SALVOR_TRY(const auto bucket, db_.bucket(etcd::buckets::key));
        if (!bucket) return {};
        Result<void> written;
        SALVOR_CHECK(timeline::walk_rows(
            db_, *bucket, [&](const timeline::Row& row, timeline::RowPosition position) {
                written = take(row, position, kept);
                return written.has_value();
            }));
        return written;
    }

 private:
    Result<void> take(const timeline::Row& row, timeline::RowPosition position,
                      const timeline::KeyTable& kept) {
        ++said_.rows_before;
        if (row.row_key.revision.main <= revision_) {
            SALVOR_TRY(const auto key, timeline::key_of(db_, row));
            if (!timeline::is_kept(row.row_key, position, kept.look_up(key), revision_)) return {};
        }
        ++said_.rows;
        return out_.put(row.raw_key, row.raw_value);
    }

    const bbolt::Database& db_;
    std::int64_t revision_;
    bbolt::DenseWriter& out_;
    Rewritten& said_;
};

bbolt::Change compacted_at(std::int64_t revision) {
    bbolt::Change change;
    change[std::string(etcd::buckets::key)].delete_all = true;  // written by itself
    const auto row = etcd::encode_revision({revision, 0});
    auto& meta = change[std::string(etcd::buckets::meta)].keys;
    for (const auto key : {etcd::meta_keys::scheduled_compact, etcd::meta_keys::finished_compact}) {
        meta[std::string(key)] = std::string(row.data(), row.size());
    }
    return change;
}

}  // namespace

Result<Rewritten> compact(const Snapshot& source, std::optional<std::int64_t> wanted,
                          const std::filesystem::path& to) {
    if (!source.database()) return std::unexpected(source.database().error());
    const auto& db = *source.database();
    SALVOR_TRY(const auto revision, revision_to_compact(db, wanted));
    Rewritten said{{}, source.file().bytes().size(), 0, 0};
    const auto write = [&](FileWriter& out) -> Result<void> {
        bbolt::DenseWriter writer(out, db.page_size());
        Compaction compaction(db, revision, writer, said);
        const bbolt::Visitor visitor{
            [&](Bytes name) -> Result<void> {
                SALVOR_CHECK(writer.begin_bucket(name));
                return name == etcd::buckets::key ? compaction.write_keys() : Result<void>{};
            },
            [&](Bytes key, Bytes value) { return writer.put(key, value); }};
        SALVOR_CHECK(bbolt::walk_changed(db, compacted_at(revision), visitor));
        return writer.finish(bbolt::TxId{number(db.meta().txid) + 1});
    };
    SALVOR_TRY(said.made, verify::make_snapshot(to, "the compacted backup", write));
    return said;
}

}  // namespace salvor::rewrite
