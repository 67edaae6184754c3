#include "core/diff/key_events.hpp"

#include "core/diff/raw_value.hpp"
#include "core/snapshot/records.hpp"
#include "core/timeline/key_table.hpp"

namespace salvor::diff {
namespace {

Event event_of(const timeline::Row& row, const etcd::KeyValue& now,
               const std::optional<etcd::KeyValue>& before, const RawValues& values) {
    Event event;
    event.revision = row.row_key.revision.main;
    event.key = now.key;
    event.verb = row.row_key.tombstone ? Verb::deleted : before ? Verb::updated : Verb::created;
    if (event.verb == Verb::updated) event.changes = values.changes(*before, now, false);
    return event;
}

}  // namespace

Result<void> tell_key_events(const bbolt::Database& db,
                             const std::function<void(const Event&)>& take,
                             const std::function<void(const Gap&)>& take_gap) {
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    SALVOR_TRY(auto table, timeline::KeyTable::over(db));
    const auto compacted = std::max<std::int64_t>(bounds.compacted, 0);
    if (compacted > 0) take_gap({0, compacted, false});
    const cluster::Redactor redactor(cluster::Redactor::Equality::shown);
    const RawValues values(false, false, redactor);
    return timeline::walk_key_values(
        db,
        [&](const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
            if (row.row_key.revision.main < timeline::first_revision || kv.key.empty()) return true;
            auto place = table.find(kv.key);
            const auto noted = place.note();
            place.put({position, !row.row_key.tombstone});
            if (row.row_key.revision.main <= compacted) return true;
            std::optional<etcd::KeyValue> before;
            if (noted && noted->live)
                before = etcd::parse_key_value(timeline::entry_at(db, noted->row).value)
                             .value_or(etcd::KeyValue{});
            take(event_of(row, kv, before, values));
            return true;
        });
}

}  // namespace salvor::diff
