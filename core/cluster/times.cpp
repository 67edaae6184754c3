#include "core/cluster/times.hpp"

#include <algorithm>

#include "core/cluster/own_time.hpp"
#include "core/cluster/time_order.hpp"
#include "core/timeline/key_table.hpp"
#include "formats/kube/times.hpp"

namespace salvor::cluster {
namespace {

bool is_newer(const std::optional<std::int64_t>& time, const std::optional<std::int64_t>& before) {
    return time && (!before || *before < *time);
}

/// What the revision tells that the one before did not.
std::optional<OwnTime> new_time(const kube::StoredTimes& times, const kube::StoredTimes& before) {
    if (is_newer(times.managed, before.managed))
        return OwnTime{*times.managed, TimeSource::managed_fields, true};
    if (times.deletion_asked && times.deletion_asked != before.deletion_asked)
        return OwnTime{*times.deletion_asked, TimeSource::deletion_asked, true};
    if (is_newer(times.reported, before.reported))
        return OwnTime{*times.reported, TimeSource::reported, true};
    return {};
}

}  // namespace

/// Walks the rows, then keeps those of their times that agree.
class Times::Reading {
 public:
    Reading(const Cluster& cluster, timeline::KeyTable table)
        : cluster_(cluster), table_(std::move(table)) {}

    bool take(const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
        if (kv.key.empty() || !cluster_.registry().below(kv.key)) return true;
        auto place = table_.find(kv.key);
        const auto before = place.note();
        place.put({position, !row.row_key.tombstone});
        if (row.row_key.tombstone) return true;
        const auto main = row.row_key.revision.main;
        if (!found_.empty() && found_.back().revision == main) return true;
        if (const auto own = own_time(kv, before)) {
            found_.emplace_back(main, own->seconds, position, own->source, own->exact);
        }
        return true;
    }

    std::vector<Anchor> believed() {
        table_.drain([](const timeline::KeyTable::Note&) {});  // memory for what follows
        const auto keep = believable(found_.size(), [&](std::size_t i) {
            const auto& one = found_[i];
            return TimeMark{one.seconds, one.exact(), one.source() == TimeSource::reported};
        });
        std::size_t i = 0;
        std::erase_if(found_, [&](const Anchor&) { return !keep[i++]; });
        return std::move(found_);
    }

 private:
    std::optional<OwnTime> own_time(const etcd::KeyValue& kv,
                                    const std::optional<timeline::KeyTable::Note>& note) const {
        const auto times = times_in(cluster_, kv);
        if (kv.version == 1) return first_time(times);
        if (note && note->live) {
            const auto before =
                etcd::parse_key_value(timeline::entry_at(cluster_.db(), note->row).value);
            if (before && before->version + 1 == kv.version) {
                if (const auto own = new_time(times, times_in(cluster_, *before))) return own;
            }
        }
        return any_time(times);
    }

    const Cluster& cluster_;
    timeline::KeyTable table_;
    std::vector<Anchor> found_;
};

Result<Times> Times::read(const Cluster& cluster) {
    const auto& db = cluster.db();
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    SALVOR_TRY(auto table, timeline::KeyTable::over(db));
    Reading reading(cluster, std::move(table));
    SALVOR_CHECK(timeline::walk_key_values(
        db, [&](const timeline::Row& row, timeline::RowPosition position,
                const etcd::KeyValue& kv) { return reading.take(row, position, kv); }));
    Times times(db, bounds.current);
    times.anchors_ = reading.believed();
    return times;
}

TimeEvidence Times::evidence(const Anchor& anchor) const {
    const auto row = timeline::entry_at(*db_, anchor.row());
    const auto key = etcd::parse_key(row.value).value_or(Bytes{});
    return {anchor.revision, anchor.seconds, anchor.source(), std::string(without_token(key))};
}

std::optional<KnownTime> best_of(const std::optional<KnownTime>& a,
                                 const std::optional<KnownTime>& b) {
    if (!a || !b) return a ? a : b;
    if (a->at || b->at) return a->at ? a : b;
    auto best = *a;
    const auto& [at, not_before, not_after] = *b;
    if (not_before && (!best.not_before || not_before->seconds > best.not_before->seconds))
        best.not_before = not_before;
    if (not_after && (!best.not_after || not_after->seconds < best.not_after->seconds))
        best.not_after = not_after;
    return best;
}

std::optional<KnownTime> Times::time_of(std::int64_t revision) const {
    const auto behind = std::upper_bound(
        anchors_.begin(), anchors_.end(), revision,
        [](std::int64_t wanted, const Anchor& anchor) { return wanted < anchor.revision; });
    KnownTime known;
    if (behind != anchors_.begin()) {
        const auto& before = *(behind - 1);
        if (before.revision == revision && before.exact()) {
            known.at = evidence(before);
            return known;
        }
        known.not_before = evidence(before);
    }
    const auto after =
        std::find_if(behind, anchors_.end(), [](const Anchor& anchor) { return anchor.exact(); });
    if (after != anchors_.end()) known.not_after = evidence(*after);
    if (!known.not_before && !known.not_after) return {};
    return known;
}

std::optional<Times::Moment> Times::last_revision_not_later_than(std::int64_t seconds) const {
    const auto behind = std::upper_bound(
        anchors_.begin(), anchors_.end(), seconds,
        [](std::int64_t wanted, const Anchor& anchor) { return wanted < anchor.seconds; });
    if (behind == anchors_.begin()) return {};
    Moment moment{head_, evidence(*(behind - 1)), {}};
    if (behind != anchors_.end()) {
        moment.after = evidence(*behind);
        moment.revision = behind->revision - 1;
    }
    return moment;
}

std::string TimeEvidence::text() const {
    static constexpr const char* words[] = {"creationTimestamp", "managedFields",
                                            "deletionTimestamp less its grace period",
                                            "the time that its holder reported"};
    return fmt::format("{} of {} at revision {}", words[static_cast<std::size_t>(source)], key,
                       revision);
}

}  // namespace salvor::cluster
