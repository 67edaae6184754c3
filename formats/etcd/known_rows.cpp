#include "formats/etcd/known_rows.hpp"

#include <algorithm>

#include "formats/etcd/auth.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::etcd {
namespace {

struct NamedRow {
    Bytes bucket, key;
};
/// Of the buckets whose rows have names.
constexpr std::array named_rows{
    NamedRow{buckets::auth, auth_keys::enabled},
    NamedRow{buckets::auth, auth_keys::revision},
    NamedRow{buckets::cluster, cluster_keys::version},
    NamedRow{buckets::cluster, cluster_keys::downgrade},
    NamedRow{buckets::meta, meta_keys::consistent_index},
    NamedRow{buckets::meta, meta_keys::term},
    NamedRow{buckets::meta, meta_keys::scheduled_compact},
    NamedRow{buckets::meta, meta_keys::finished_compact},
    NamedRow{buckets::meta, meta_keys::conf_state},
    NamedRow{buckets::meta, meta_keys::storage_version},
};

}  // namespace

bool is_known_bucket(Bytes bucket) {
    return std::find(buckets::all.begin(), buckets::all.end(), bucket) != buckets::all.end();
}

bool is_known_row(Bytes bucket, Bytes key) {
    if (bucket == buckets::key) return parse_row_key(key).has_value();
    if (bucket == buckets::lease) return parse_lease_key(key).has_value();
    if (bucket == buckets::members || bucket == buckets::members_removed)
        return parse_member_id(key).has_value();
    if (bucket == buckets::alarm || bucket == buckets::auth_roles || bucket == buckets::auth_users)
        return true;
    return std::any_of(named_rows.begin(), named_rows.end(),
                       [&](const NamedRow& row) { return row.bucket == bucket && row.key == key; });
}

}  // namespace salvor::etcd
