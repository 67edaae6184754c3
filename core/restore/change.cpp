#include "core/restore/change.hpp"

#include <limits>

#include "formats/etcd/auth.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::restore {
namespace {

constexpr std::uint64_t bootstrap_term = 1;

etcd::Version version_of(etcd::Line line) {
    return {3, static_cast<int>(line), 0};
}

void put(bbolt::Change& change, Bytes bucket, Bytes key, std::string value) {
    change[std::string(bucket)].keys[std::string(key)] = std::move(value);
}
void remove(bbolt::Change& change, Bytes bucket, Bytes key) {
    change[std::string(bucket)].keys[std::string(key)] = std::nullopt;
}
bbolt::BucketChange& emptied(bbolt::Change& change, Bytes bucket) {
    auto& changed = change[std::string(bucket)];
    changed.delete_all = true;
    return changed;
}

void set_members(bbolt::Change& change, const std::vector<etcd::Member>& members) {
    using namespace etcd;
    emptied(change, buckets::members_removed);
    auto& rows = emptied(change, buckets::members).keys;
    for (const auto& member : members) rows[to_string(member.id)] = encode_member(member);
    // Made where it is not there, as upstream does.
    change.try_emplace(std::string(buckets::cluster));
    put(change, buckets::meta, meta_keys::consistent_index, encode_u64(members.size()));
    put(change, buckets::meta, meta_keys::term, encode_u64(bootstrap_term));
}

/// An empty row at the new revision, and everything up to it due for compaction: whoever watched
/// the old cluster is told "compacted" and lists anew.
Result<void> bump(bbolt::Change& change, std::int64_t revision, std::uint64_t by) {
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    if (by > static_cast<std::uint64_t>(last - revision)) {
        return fail(ErrorCode::refused,
                    "revision {} and {} more is beyond the last revision that etcd can count, {}",
                    revision, by, last);
    }
    const auto row = etcd::encode_revision({revision + static_cast<std::int64_t>(by), 0});
    const Bytes key(row.data(), row.size());
    put(change, etcd::buckets::key, key, {});
    put(change, etcd::buckets::meta, etcd::meta_keys::scheduled_compact, std::string(key));
    return {};
}

/// As a server's auth_disable. Source: etcd server/auth/store.go AuthDisable
void disable_auth(bbolt::Change& change, std::uint64_t auth_revision) {
    using namespace etcd;
    put(change, buckets::auth, auth_keys::enabled, std::string(1, '\0'));
    put(change, buckets::auth, auth_keys::revision, encode_u64(auth_revision + 1));
}

}  // namespace

Result<Migration> migration(const Source& source, etcd::Line line) {
    const auto& storage = source.storage_version;
    const auto target = version_of(line);
    if (storage && *storage > version_of(etcd::Line::v3_7)) {
        return fail(
            ErrorCode::unsupported,
            "the backup's storageVersion is {}; what a {} may not know in it is not known here",
            to_string(*storage), to_string(line));
    }
    Migration to;
    const bool changes_line = source.line() != line;
    if (line < etcd::Line::v3_6) {
        if (storage) to.storage_version = std::optional<etcd::Version>{};
    } else if (changes_line) {
        to.storage_version = target;
    }
    if (source.cluster_version &&
        (*source.cluster_version > target || (changes_line && *source.cluster_version < target))) {
        to.cluster_version = target;
    }
    const auto& downgrade = source.downgrade;
    // A 3.4 does not know of it and would leave it for the 3.5 after it; a 3.5 ends at once where
    // another line is the goal; a later one would go down by itself.
    to.cancel_downgrade =
        downgrade && downgrade->enabled &&
        (line == etcd::Line::v3_4 || (downgrade->target_version != to_string(target) &&
                                      (changes_line || line < etcd::Line::v3_6)));
    return to;
}

void migrate(bbolt::Change& change, const Migration& to) {
    using namespace etcd;
    if (to.storage_version) {
        if (*to.storage_version) {
            put(change, buckets::meta, meta_keys::storage_version, to_string(**to.storage_version));
        } else {
            remove(change, buckets::meta, meta_keys::storage_version);
        }
    }
    if (to.cluster_version) {
        put(change, buckets::cluster, cluster_keys::version, to_string(*to.cluster_version));
    }
    if (to.cancel_downgrade) remove(change, buckets::cluster, cluster_keys::downgrade);
}

Result<bbolt::Change> change(const Source& source, const Request& request,
                             const std::vector<etcd::Member>& members) {
    bbolt::Change change;
    set_members(change, members);
    if (request.migrate) {
        SALVOR_TRY(const auto to, migration(source, request.line));
        migrate(change, to);
    }
    if (request.bump_revision > 0) {
        SALVOR_CHECK(bump(change, source.revision, request.bump_revision));
    }
    if (request.clear_alarms) emptied(change, etcd::buckets::alarm);
    if (request.disable_auth && source.auth_enabled) disable_auth(change, source.auth_revision);
    return change;
}

}  // namespace salvor::restore
