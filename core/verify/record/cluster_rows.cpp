#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule cluster_version{"cluster-version", Layer::record, Severity::error,
                               "`clusterVersion` is a version, as 3.6.0", remedy::stops_etcd};
constexpr Rule downgrade{
    "downgrade", Layer::record, Severity::error,
    "`downgrade` is the JSON of a downgrade, with a version where it is enabled",
    remedy::stops_etcd};
constexpr Rule cluster_row_unknown{"cluster-row-unknown", Layer::record, Severity::note,
                                   "the rows of bucket cluster are those that etcd writes",
                                   remedy::foreign_row};
constexpr std::array table{cluster_version, downgrade, cluster_row_unknown};

void check_downgrade(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto info = etcd::parse_downgrade(row.entry.value);
    if (!info) {
        findings.add(downgrade, row.place(), fmt::format("downgrade: {}", info.error().message));
    } else if (info->enabled && !etcd::parse_version(info->target_version)) {
        findings.add(downgrade, row.place(),
                     fmt::format("downgrade: the target {} is no version",
                                 text::escape(info->target_version)));
    } else {
        rows.downgrade = *info;
    }
}

}  // namespace

RuleRows cluster_row_rules() {
    return table;
}

void check_cluster_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto [key, value, is_bucket] = row.entry;
    if (!etcd::is_known_row(etcd::buckets::cluster, key)) {
        findings.add(cluster_row_unknown, row.place(),
                     fmt::format("bucket cluster: row {} is none of etcd's", text::escape(key)));
    }
    if (key == etcd::cluster_keys::version) {
        rows.cluster_version = etcd::parse_version(value);
        if (!rows.cluster_version) {
            findings.add(
                cluster_version, row.place(),
                fmt::format("clusterVersion: {} is no version", text::escape(value.substr(0, 64))));
        }
    } else if (key == etcd::cluster_keys::downgrade) {
        check_downgrade(row, rows, findings);
    }
}

}  // namespace salvor::verify
