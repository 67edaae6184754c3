#include "core/snapshot/records.hpp"

#include <algorithm>

#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor {
namespace {

/// Of every row of a bucket, what `parse` makes of its entry.
template <class Record>
Result<std::vector<Record>> parse_all(const bbolt::Database& db, Bytes name,
                                      Result<Record> (*parse)(const bbolt::LeafEntry&)) {
    std::vector<Record> records;
    SALVOR_TRY(const auto bucket, db.bucket(name));
    if (!bucket) return records;
    bbolt::Leaves leaves(db, *bucket);
    for (;;) {
        SALVOR_TRY(const auto* leaf, leaves.next());
        if (!leaf) return records;
        for (std::size_t i = 0; i < leaf->count(); ++i) {
            const auto entry = leaf->leaf(i);
            auto record = parse(entry);
            if (!record) {
                return fail_at(db.offset_of(entry.key.data()), record.error().code,
                               "{}, key {}: {}", name, text::escape(entry.key),
                               record.error().message);
            }
            records.push_back(std::move(*record));
        }
    }
}

}  // namespace

Result<std::vector<etcd::Alarm>> alarms(const bbolt::Database& db) {
    return parse_all<etcd::Alarm>(db, etcd::buckets::alarm, [](const bbolt::LeafEntry& entry) {
        return etcd::parse_alarm(entry.key);
    });
}

Result<std::vector<etcd::Lease>> leases(const bbolt::Database& db) {
    return parse_all<etcd::Lease>(db, etcd::buckets::lease, [](const bbolt::LeafEntry& entry) {
        return etcd::parse_lease(entry.value);
    });
}

Result<std::vector<etcd::Member>> members(const bbolt::Database& db) {
    SALVOR_TRY(auto found, parse_all<etcd::Member>(db, etcd::buckets::members,
                                                   [](const bbolt::LeafEntry& entry) {
                                                       return etcd::parse_member(entry.value);
                                                   }));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return found;
}

Result<std::vector<etcd::Role>> roles(const bbolt::Database& db) {
    return parse_all<etcd::Role>(db, etcd::buckets::auth_roles, [](const bbolt::LeafEntry& entry) {
        return etcd::parse_role(entry.value);
    });
}

Result<std::vector<etcd::User>> users(const bbolt::Database& db) {
    return parse_all<etcd::User>(db, etcd::buckets::auth_users, [](const bbolt::LeafEntry& entry) {
        return etcd::parse_user(entry.value);
    });
}

}  // namespace salvor
