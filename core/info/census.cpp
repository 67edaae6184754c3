#include "core/info/census.hpp"

#include <algorithm>

#include "core/cluster/registry_key.hpp"

namespace salvor::info {
namespace {

/// Clusters in one etcd: beyond any real number.
constexpr std::size_t max_prefixes = 16;

}  // namespace

void Census::take(const bbolt::PageView& leaf, const Unread& unread) {
    for (std::size_t i = 0; i < leaf.count(); ++i) {
        take_row(leaf.leaf(i), timeline::RowPosition{leaf.element_offset(i)}, unread);
    }
}

void Census::take_row(const bbolt::LeafEntry& entry, timeline::RowPosition position,
                      const Unread& unread) {
    const auto row = timeline::row_of(*db_, entry);
    if (!row) {
        all_rows_ = false;
        return unread(row.error().message);
    }
    const auto& [revision, tombstone] = row->row_key;
    ++rows_;
    if (tombstone) ++tombstones_;
    last_main_ = std::max(last_main_, revision.main);
    const auto kv = timeline::key_value_of(*db_, *row);
    if (!kv) return unread(kv.error().message);
    if (kv->key.empty()) return;  // the marker row of a bump
    table_.find(kv->key).put({position, !tombstone});
    if (prefixes_.size() == max_prefixes) return;
    if (const auto prefix = cluster::prefix_by_kube_system(kv->key)) prefixes_.emplace(*prefix);
}

void Census::count_live(const etcd::KeyValue& kv, Info& info) {
    ++info.keys;
    if (kv.lease != 0) ++info.keys_with_lease;
    for (auto& cluster : clusters_) {
        if (const auto below = cluster::below_prefix(kv.key, cluster.prefix())) {
            cluster.take(*below, kv.value);
        } else {
            cluster.take_foreign(kv.key);
        }
    }
}

void Census::finish(Info& info) {
    info.all_rows = info.all_rows && all_rows_;
    info.revisions = rows_;
    info.tombstones = tombstones_;
    info.compacted_revision = std::max(info.scheduled_compaction, info.finished_compaction);
    info.revision = std::max({last_main_, info.compacted_revision.value_or(1), std::int64_t{1}});
    for (const auto& prefix : prefixes_) clusters_.emplace_back(prefix, encryption_);
    table_.drain([&](const timeline::KeyTable::Note& note) {
        if (!note.live) return;
        const auto kv = etcd::parse_key_value(timeline::entry_at(*db_, note.row).value);
        if (kv) count_live(*kv, info);
    });
    for (auto& cluster : clusters_) {
        auto counted = cluster.finish();
        if (counted.objects > 0) info.kubernetes.push_back(std::move(counted));
    }
}

}  // namespace salvor::info
