#include "core/restore/source.hpp"

#include <algorithm>

#include "formats/bbolt/contents.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::restore {
namespace {

/// The rightmost entry of a bucket: nothing else of the tree is touched.
Result<std::optional<bbolt::LeafEntry>> last_entry(const bbolt::Database& db,
                                                   const bbolt::Bucket& bucket) {
    auto first = db.check_first_page(bucket);
    if (!first) return std::unexpected(bbolt::as_error(first.error()));
    bbolt::PageView page = *first;
    for (std::size_t depth = 0; page.type() == bbolt::PageType::branch && page.count() > 0;
         ++depth) {
        if (depth == bbolt::max_depth) {
            return fail_at(page.offset(), ErrorCode::malformed, "page {}: deeper than {} pages",
                           number(page.id()), bbolt::max_depth);
        }
        SALVOR_TRY(page, db.page(page.branch(page.count() - 1).child));
    }
    if (page.count() == 0) return std::nullopt;
    return page.leaf(page.count() - 1);
}

Result<std::int64_t> last_revision(const bbolt::Database& db) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return 0;
    SALVOR_TRY(const auto last, last_entry(db, *bucket));
    if (!last) return 0;
    const auto row = etcd::parse_row_key(last->key);
    if (!row) {
        return fail_at(db.offset_of(last->key.data()), ErrorCode::malformed,
                       "the last row of bucket key: its key of {} bytes is no revision",
                       last->key.size());
    }
    return row->revision.main;
}

Result<std::optional<Bytes>> value_of(const bbolt::Database& db, Bytes bucket_name, Bytes key) {
    SALVOR_TRY(const auto bucket, db.bucket(bucket_name));
    if (!bucket) return std::nullopt;
    return db.get(*bucket, key);
}

Result<void> read_versions(const bbolt::Database& db, Source& source) {
    using namespace etcd;
    SALVOR_TRY(const auto storage, value_of(db, buckets::meta, meta_keys::storage_version));
    if (storage) source.storage_version = parse_version(*storage);
    SALVOR_TRY(const auto cluster, value_of(db, buckets::cluster, cluster_keys::version));
    if (cluster) source.cluster_version = parse_version(*cluster);
    SALVOR_TRY(const auto downgrade, value_of(db, buckets::cluster, cluster_keys::downgrade));
    if (downgrade) {
        SALVOR_TRY(source.downgrade, parse_downgrade(*downgrade));
    }
    return {};
}

}  // namespace

std::optional<etcd::Line> Source::line() const {
    if (storage_version) return etcd::line_of(*storage_version);
    return cluster_version ? etcd::line_of(*cluster_version) : std::nullopt;
}

Result<Source> read_source(const Snapshot& snapshot) {
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    const auto& db = *snapshot.database();
    Source source;
    SALVOR_CHECK(read_versions(db, source));
    SALVOR_TRY(source.revision, last_revision(db));
    SALVOR_CHECK(
        for_each_entry(db, etcd::buckets::members, [&](Bytes, Bytes value) -> Result<void> {
            SALVOR_TRY(auto member, etcd::parse_member(value));
            source.members.push_back(std::move(member));
            return {};
        }));
    std::ranges::sort(source.members, {}, [](const auto& m) { return number(m.id); });
    SALVOR_CHECK(for_each_entry(db, etcd::buckets::alarm, [&](Bytes key, Bytes) -> Result<void> {
        SALVOR_TRY(source.alarms.emplace_back(), etcd::parse_alarm(key));
        return {};
    }));
    SALVOR_TRY(const auto enabled, value_of(db, etcd::buckets::auth, etcd::auth_keys::enabled));
    source.auth_enabled = enabled == Bytes("\1", 1);
    SALVOR_TRY(const auto revision, value_of(db, etcd::buckets::auth, etcd::auth_keys::revision));
    if (revision) source.auth_revision = etcd::parse_u64(*revision).value_or(0);
    return source;
}

}  // namespace salvor::restore
