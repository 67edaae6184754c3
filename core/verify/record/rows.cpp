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

Rows check_rows(const bbolt::Database& db, const std::vector<bbolt::NamedBucket>& buckets,
                Collector& findings) {
    Rows rows;
    for (const auto& [name, bucket] : buckets) {
        const auto check = std::find_if(checks.begin(), checks.end(),
                                        [&](const auto& each) { return each.bucket == name; });
        if (check == checks.end()) continue;
        for_each_row(db, name, bucket, [&](const BucketRow& row) {
            if (row.entry.is_bucket)
                return report_nested(row.place(), name, row.entry.key, findings);
            check->row(row, rows, findings);
        });
    }
    std::sort(rows.leases.begin(), rows.leases.end());
    return rows;
}

}  // namespace salvor::verify
