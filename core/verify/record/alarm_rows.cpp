#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/alarm.hpp"

namespace salvor::verify {
namespace {

constexpr Rule alarm_row{"alarm-row", Layer::record, Severity::error,
                         "an alarm's key parses as AlarmMember and its value is empty",
                         remedy::stops_etcd};
constexpr Rule alarm_unknown{"alarm-unknown", Layer::record, Severity::note,
                             "an alarm is of a kind that etcd knows",
                             "etcd keeps the alarm and does not act on it"};
constexpr Rule alarm_nospace{
    "alarm-nospace", Layer::record, Severity::warning, "no NOSPACE alarm is raised",
    "the restored cluster would be read-only: restore with --clear-alarms and give etcd a "
    "larger --quota-backend-bytes, or compact and defragment, then `etcdctl alarm disarm`"};
constexpr Rule alarm_corrupt{
    "alarm-corrupt", Layer::record, Severity::warning, "no CORRUPT alarm is raised",
    "the members did not agree on the data when this was taken, and the restored cluster "
    "would refuse to serve: compare the members' data, then restore the right one with "
    "--clear-alarms"};
constexpr std::array table{alarm_row, alarm_unknown, alarm_nospace, alarm_corrupt};

}  // namespace

RuleRows alarm_rules() {
    return table;
}

void check_alarm_row(const BucketRow& row, Rows&, Collector& findings) {
    const auto alarm = etcd::parse_alarm(row.entry.key);
    if (!alarm) {
        findings.add(alarm_row, row.place(), fmt::format("alarm row: {}", alarm.error().message));
        return;
    }
    if (!row.entry.value.empty()) {
        findings.add(alarm_row, row.place(),
                     fmt::format("alarm row: its value has {} bytes, etcd writes none",
                                 row.entry.value.size()));
    }
    const auto member = etcd::to_string(alarm->member);
    switch (alarm->type) {
        case etcd::AlarmType::nospace:
            findings.add(alarm_nospace, row.place(),
                         fmt::format("alarm NOSPACE is raised, by member {}", member));
            return;
        case etcd::AlarmType::corrupt:
            findings.add(alarm_corrupt, row.place(),
                         fmt::format("alarm CORRUPT is raised, for member {}", member));
            return;
        case etcd::AlarmType::none: break;
    }
    findings.add(alarm_unknown, row.place(),
                 fmt::format("alarm row: kind {} of member {} is neither NOSPACE nor CORRUPT",
                             static_cast<int>(alarm->type), member));
}

}  // namespace salvor::verify
