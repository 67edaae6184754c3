#include "core/recover/small_rows.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::recover {
namespace {

namespace names = etcd::buckets;

bool is_sound_lease(Bytes key, Bytes value) {
    const auto id = etcd::parse_lease_key(key);
    const auto lease = etcd::parse_lease(value);
    return id && lease && lease->id == *id;
}

bool is_sound_member(Bytes key, Bytes value) {
    const auto id = etcd::parse_member_id(key);
    const auto member = etcd::parse_member(value);
    return id && member && member->id == *id;
}

bool is_sound_meta(Bytes key, Bytes value) {
    namespace keys = etcd::meta_keys;
    if (key == keys::consistent_index || key == keys::term)
        return etcd::parse_u64(value).has_value();
    if (key == keys::scheduled_compact || key == keys::finished_compact)
        return etcd::parse_revision(value).has_value();
    if (key == keys::conf_state) return etcd::parse_conf_state(value).has_value();
    if (key == keys::storage_version) return etcd::parse_version(value).has_value();
    return true;
}

bool is_sound_auth(Bytes key, Bytes value) {
    if (key == etcd::auth_keys::enabled) return value == Bytes("\0", 1) || value == Bytes("\1", 1);
    return key != etcd::auth_keys::revision || etcd::parse_u64(value).has_value();
}

bool is_sound_cluster(Bytes key, Bytes value) {
    if (key == etcd::cluster_keys::version) return etcd::parse_version(value).has_value();
    return key != etcd::cluster_keys::downgrade || etcd::parse_downgrade(value).has_value();
}

class Gatherer {
 public:
    explicit Gatherer(const Area& area) : area_(area) {}

    /// `certain`: of the root that counts; else only what that one does not have.
    void take(const Entries& root, bool certain) {
        for (const auto& entry : root.found) {
            if (!entry.is_bucket) continue;
            const bool is_new = buckets_.insert(entry.key).second;
            if (entry.key == names::key ||
                (!certain && !is_new && !incomplete_.contains(entry.key)))
                continue;
            const auto bucket = bucket_of(area_, entry);
            auto entries = bucket ? read_entries(area_, *bucket) : Entries{{}, false, {}};
            for (const auto& row : entries.found) take_row(entry.key, row, certain);
            if (!certain) continue;
            out_.marks.insert(out_.marks.end(), entries.marks.begin(), entries.marks.end());
            if (!entries.complete) incomplete_.insert(entry.key);
        }
    }
    bool lacks_any() const {
        return !incomplete_.empty() || !buckets_.contains(names::meta) ||
               !buckets_.contains(names::lease);
    }
    SmallRows finish();

 private:
    void take_row(Bytes bucket, const Entry& entry, bool certain) {
        if (entry.is_bucket || !is_sound_row(bucket, entry.key, entry.value)) {
            if (certain) out_.lost.push_back({bucket, entry.key, entry.value, true});
            incomplete_.insert(bucket);
            return;
        }
        rows_.try_emplace({bucket, entry.key}, SmallRow{bucket, entry.key, entry.value, certain});
    }
    void note_compaction();

    const Area& area_;
    std::set<Bytes> buckets_, incomplete_;
    std::map<std::pair<Bytes, Bytes>, SmallRow> rows_;
    SmallRows out_;
};

void Gatherer::note_compaction() {
    bool certain = buckets_.contains(names::meta) && !incomplete_.contains(names::meta);
    for (const auto key : {etcd::meta_keys::scheduled_compact, etcd::meta_keys::finished_compact}) {
        const auto row = rows_.find({names::meta, key});
        if (row == rows_.end()) continue;
        certain = certain && row->second.certain;
        const auto revision = etcd::parse_revision(row->second.value);
        out_.compaction.at = std::max(out_.compaction.at, revision->main);
    }
    out_.compaction.known = certain;
}

SmallRows Gatherer::finish() {
    // Every etcd has these, whatever was left of them.
    buckets_.insert(names::key);
    buckets_.insert(names::meta);
    note_compaction();
    out_.buckets.assign(buckets_.begin(), buckets_.end());
    out_.incomplete.assign(incomplete_.begin(), incomplete_.end());
    for (auto& [_, row] : rows_) out_.rows.push_back(row);
    return std::move(out_);
}

/// Of the lists of buckets that do not count the newest.
Entries newest_other(const Area& area, const Root& root) {
    Entries best;
    std::uint64_t best_index = 0;
    for (const auto offset : other_roots(area, root)) {
        auto entries = leaf_entries(area, offset);
        const auto index = index_of(area, entries);
        if (!best.found.empty() && index < best_index) continue;
        best = std::move(entries);
        best_index = index;
    }
    return best;
}

}  // namespace

SmallRows read_small_rows(const Area& area, const Root& root) {
    Gatherer gatherer(area);
    gatherer.take(root.entries, true);
    if (gatherer.lacks_any() && !root.is_certain()) gatherer.take(newest_other(area, root), false);
    auto rows = gatherer.finish();
    rows.marks.insert(rows.marks.end(), root.entries.marks.begin(), root.entries.marks.end());
    return rows;
}

bool is_sound_row(Bytes bucket, Bytes key, Bytes value) {
    if (bucket == names::lease) return is_sound_lease(key, value);
    if (bucket == names::members) return is_sound_member(key, value);
    if (bucket == names::members_removed) return etcd::parse_member_id(key).has_value();
    if (bucket == names::meta) return is_sound_meta(key, value);
    if (bucket == names::auth) return is_sound_auth(key, value);
    if (bucket == names::cluster) return is_sound_cluster(key, value);
    if (bucket == names::alarm) return etcd::parse_alarm(key).has_value();
    if (bucket == names::auth_users) {
        const auto user = etcd::parse_user(value);
        return user && user->name == key;
    }
    if (bucket == names::auth_roles) {
        const auto role = etcd::parse_role(value);
        return role && role->name == key;
    }
    return true;
}

}  // namespace salvor::recover
