#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule version_unknown{
    "version-unknown", Layer::revision, Severity::warning,
    "the versions are of a line from 3.4 to 3.7",
    "this program does not know that line: look for a newer salvor before you restore"};
constexpr Rule version_order{
    "version-order", Layer::revision, Severity::warning,
    "`storageVersion` is no newer than `clusterVersion`",
    "one of the two is not what etcd wrote: name the line with `restore --for`"};
constexpr Rule downgrade_enabled{
    "downgrade-enabled", Layer::revision, Severity::warning, "no downgrade was under way",
    "the restored cluster goes on with it: end it with `etcdctl downgrade cancel`, or "
    "restore with `--for` the target's line"};
constexpr Rule index_absent{
    "index-absent", Layer::revision, Severity::note,
    "`consistent_index` is there and above 0, with a term above 0 where a line writes one",
    "a restore writes it anew; a data directory without it does not start"};
constexpr std::array table{version_unknown, version_order, downgrade_enabled, index_absent};

Place in(Bytes bucket, Bytes key) {
    Place place;
    place.bucket = bucket;
    place.key = std::string(key);
    return place;
}

void check_known(const std::optional<etcd::Version>& version, Bytes bucket, Bytes key,
                 Collector& findings) {
    if (!version || etcd::line_of(*version)) return;
    findings.add(version_unknown, in(bucket, key),
                 fmt::format("{} is {}", key, to_string(*version)));
}

}  // namespace

RuleRows version_rules() {
    return table;
}

void check_versions(const Rows& rows, Collector& findings) {
    const auto storage = in(etcd::buckets::meta, etcd::meta_keys::storage_version);
    check_known(rows.storage_version, etcd::buckets::meta, etcd::meta_keys::storage_version,
                findings);
    check_known(rows.cluster_version, etcd::buckets::cluster, etcd::cluster_keys::version,
                findings);
    if (rows.storage_version && rows.cluster_version &&
        *rows.storage_version > *rows.cluster_version) {
        findings.add(
            version_order, storage,
            fmt::format("storageVersion is {}, clusterVersion {}", to_string(*rows.storage_version),
                        to_string(*rows.cluster_version)));
    }
    if (rows.downgrade && rows.downgrade->enabled) {
        findings.add(downgrade_enabled, in(etcd::buckets::cluster, etcd::cluster_keys::downgrade),
                     fmt::format("a downgrade to {} was under way",
                                 text::escape(rows.downgrade->target_version)));
    }
    if (!rows.is_complete(etcd::buckets::meta)) return;
    if (rows.consistent_index.value_or(0) == 0) {
        findings.add(index_absent, in(etcd::buckets::meta, etcd::meta_keys::consistent_index),
                     "consistent_index is absent or 0");
    } else if (rows.term == std::uint64_t{0}) {
        findings.add(index_absent, in(etcd::buckets::meta, etcd::meta_keys::term), "term is 0");
    }
}

}  // namespace salvor::verify
