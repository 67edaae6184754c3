#include <algorithm>

#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

struct BucketCheck {
    Bytes bucket;
    void (*row)(const BucketRow& row, Rows& rows, Collector& findings);
};
constexpr std::array checks{
    BucketCheck{etcd::buckets::alarm, check_alarm_row},
    BucketCheck{etcd::buckets::auth, check_auth_row},
    BucketCheck{etcd::buckets::auth_roles, check_role_row},
    BucketCheck{etcd::buckets::auth_users, check_user_row},
    BucketCheck{etcd::buckets::cluster, check_cluster_row},
    BucketCheck{etcd::buckets::lease, check_lease_row},
    BucketCheck{etcd::buckets::members, check_member_row},
    BucketCheck{etcd::buckets::members_removed, check_removed_member_row},
    BucketCheck{etcd::buckets::meta, check_meta_row},
};

}  // namespace

Rows check_rows(const bbolt::Database& db, const Buckets& buckets, Collector& findings) {
    Rows rows;
    for (const auto& check : checks) {
        const auto found =
            std::find_if(buckets.found.begin(), buckets.found.end(),
                         [&](const auto& each) { return each.name == check.bucket; });
        bool complete = buckets.complete;
        if (found != buckets.found.end()) {
            complete = for_each_row(
                db, std::string(found->name), found->bucket, [&](const BucketRow& row) {
                    if (row.entry.is_bucket)
                        return report_nested(row.place(), check.bucket, row.entry.key, findings);
                    check.row(row, rows, findings);
                });
        }
        if (!complete) rows.incomplete.push_back(check.bucket);
    }
    std::sort(rows.leases.begin(), rows.leases.end());
    return rows;
}

bool Rows::is_complete(Bytes bucket) const {
    return std::find(incomplete.begin(), incomplete.end(), bucket) == incomplete.end();
}

Compaction Rows::compaction() const {
    return {is_complete(etcd::buckets::meta) && !compaction_unread,
            scheduled_compaction ? scheduled_compaction->main : -1,
            finished_compaction ? finished_compaction->main : -1};
}

}  // namespace salvor::verify
