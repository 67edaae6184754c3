#include "core/info/census.hpp"

#include <algorithm>

#include "core/cluster/registry_key.hpp"
#include "formats/kube/peek.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"

namespace salvor::info {
namespace {

/// Clusters in one etcd, and resources in one cluster: beyond any real number.
constexpr std::size_t max_prefixes = 16;
constexpr std::size_t max_resources = 10'000;

constexpr Bytes kube_system = "namespaces/kube-system";
constexpr Bytes leases = "leases/";

void count_object(Kubernetes& cluster, Bytes below, Bytes value) {
    const auto resource = cluster::resource_of(below);
    if (!resource) return;
    ++cluster.objects;
    if (kube::encoding_of(value) == kube::Encoding::encrypted) ++cluster.encrypted;
    if (cluster.resources.size() < max_resources || cluster.resources.contains(*resource))
        ++cluster.resources[*resource];
    if (below == kube_system) cluster.kube_system_uid = kube::object_uid(value);
    if (!below.starts_with(leases)) return;
    if (const auto renewed = kube::lease_renew_time(value)) {
        ++cluster.renewals;
        cluster.last_renewal = std::max(cluster.last_renewal.value_or(*renewed), *renewed);
    }
}

}  // namespace

void Census::take(const bbolt::PageView& leaf, const Unread& unread) {
    for (std::size_t i = 0; i < leaf.count(); ++i) {
        take_row(leaf.leaf(i), timeline::RowPosition{leaf.element_offset(i)}, unread);
    }
}

void Census::take_row(const bbolt::LeafEntry& entry, timeline::RowPosition position,
                      const Unread& unread) {
    const auto row = timeline::row_of(*db_, entry);
    if (!row) return unread(row.error().message);
    const auto kv = timeline::key_value_of(*db_, *row);
    if (!kv) return unread(kv.error().message);
    const auto& [revision, tombstone] = row->row_key;
    ++rows_;
    if (tombstone) ++tombstones_;
    last_main_ = std::max(last_main_, revision.main);
    if (kv->key.empty()) return;  // the marker row of a bump
    table_.find(kv->key).put({position, !tombstone});
    if (prefixes_.size() == max_prefixes) return;
    if (const auto prefix = cluster::prefix_by_kube_system(kv->key)) prefixes_.emplace(*prefix);
}

void Census::count_live(const etcd::KeyValue& kv, Info& info) const {
    ++info.keys;
    if (kv.lease != 0) ++info.keys_with_lease;
    for (auto& cluster : info.kubernetes) {
        if (const auto below = cluster::below_prefix(kv.key, cluster.prefix))
            count_object(cluster, *below, kv.value);
    }
}

void Census::finish(Info& info) {
    info.revisions = rows_;
    info.tombstones = tombstones_;
    info.compacted_revision = std::max(info.scheduled_compaction, info.finished_compaction);
    info.revision = std::max({last_main_, info.compacted_revision.value_or(1), std::int64_t{1}});
    for (const auto& prefix : prefixes_) info.kubernetes.emplace_back().prefix = prefix;
    table_.drain([&](const timeline::KeyTable::Note& note) {
        if (!note.live) return;
        const auto kv = etcd::parse_key_value(timeline::entry_at(*db_, note.row).value);
        if (kv) count_live(*kv, info);
    });
    std::erase_if(info.kubernetes, [](const Kubernetes& cluster) { return cluster.objects == 0; });
}

}  // namespace salvor::info
