#include "core/replay/keyspace.hpp"

#include <algorithm>
#include <cassert>

#include "core/timeline/keyspace.hpp"

namespace salvor::replay {

Result<Keyspace> Keyspace::over(const bbolt::Database& db) {
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    SALVOR_TRY(auto base, timeline::range(db, {"", std::string(1, '\0'), 0}));
    Keyspace keys(std::move(base), bounds.current, bounds.compacted);
    if (bounds.scheduled > bounds.finished) keys.compaction_ = bounds.scheduled;
    return keys;
}

std::optional<std::size_t> Keyspace::in_base(Bytes key) const {
    const auto at = base_.lower_bound(key);
    return at < base_.size() && base_.key(at) == key ? std::optional(at) : std::nullopt;
}

std::optional<etcd::KeyValue> Keyspace::live(Bytes key) const {
    if (const auto touched = newest_.find(key); touched != newest_.end()) {
        const auto& row = rows_[touched->second];
        return row.row_key.tombstone ? std::nullopt : std::optional(row.kv);
    }
    const auto at = in_base(key);
    return at ? std::optional(base_[*at]) : std::nullopt;
}

void Keyspace::add(Bytes key, const etcd::KeyValue& kv, bool tombstone) {
    newest_[key] = rows_.size();
    rows_.push_back({{{revision_ + 1, sub_++}, tombstone}, kv});
}

void Keyspace::detach(Bytes key, std::int64_t lease) {
    const auto found = attached_.find(lease);
    if (found == attached_.end()) return;
    found->second.erase(key);
    if (found->second.empty()) attached_.erase(found);
}

void Keyspace::put(Bytes key, Bytes value, std::int64_t lease) {
    const auto before = live(key);
    const auto main = revision_ + 1;
    add(key,
        {key, before ? before->create_revision : main, main, before ? before->version + 1 : 1,
         value, lease},
        false);
    if (before && before->lease != lease) detach(key, before->lease);
    if (lease != 0) attached_[lease].insert(key);
}

void Keyspace::remove(const etcd::KeyRange& range) {
    std::vector<std::pair<Bytes, std::int64_t>> found;
    for_each_live(range, [&](const etcd::KeyValue& kv) {
        found.emplace_back(kv.key, kv.lease);
        return true;
    });
    for (const auto& [key, lease] : found) {
        add(key, {key, 0, 0, 0, {}, 0}, true);
        detach(key, lease);
    }
}

void Keyspace::end() {
    if (sub_ > 0) ++revision_;
    sub_ = 0;
}

void Keyspace::compact(std::int64_t revision) {
    assert(revision > compacted_ && revision <= revision_);
    compacted_ = revision;
    compaction_ = revision;
}

void Keyspace::note_base_leases() const {
    base_leases_.emplace();
    for (std::size_t i = 0; i < base_.size(); ++i) {
        if (const auto lease = base_[i].lease; lease != 0) base_leases_->emplace_back(lease, i);
    }
    std::sort(base_leases_->begin(), base_leases_->end());
}

std::set<Bytes> Keyspace::attached(std::int64_t lease) const {
    if (!base_leases_) note_base_leases();
    const auto found = attached_.find(lease);
    auto keys = found == attached_.end() ? std::set<Bytes>{} : found->second;
    auto at = std::lower_bound(base_leases_->begin(), base_leases_->end(),
                               std::pair{lease, std::size_t{0}});
    for (; at != base_leases_->end() && at->first == lease; ++at) {
        const auto key = base_.key(at->second);
        if (!newest_.contains(key)) keys.insert(key);
    }
    return keys;
}

}  // namespace salvor::replay
