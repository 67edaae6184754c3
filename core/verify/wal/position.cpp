#include <algorithm>

#include "core/verify/rules.hpp"
#include "core/verify/wal/data_directory.hpp"
#include "formats/wal/segment_name.hpp"

namespace salvor::verify {
namespace {

constexpr Rule snap_ahead{
    "snap-ahead", Layer::wal, Severity::error,
    "the db is not older than the snapshot that etcd starts from, or the snapshot's own db lies by "
    "it",
    "etcd does not start on this directory, and what lies between is not in the db: rebuild the "
    "member from another one or from a backup"};
constexpr Rule index_beyond_log{
    "index-beyond-log", Layer::wal, Severity::error,
    "the log reaches to the db's `consistent_index`",
    "the db is not of this log; started as it is, every write would hang: restore from the "
    "db into a new directory"};
constexpr Rule index_term{"index-term", Layer::wal, Severity::error,
                          "the entry at `consistent_index` is of the db's `term`",
                          "the db is not of this log: restore from the db into a new directory"};
constexpr Rule wal_member{
    "wal-member", Layer::wal, Severity::warning,
    "the member that wrote the log is a member in the db",
    "3.6 and later do not start on it; a restore from its db is not concerned"};
constexpr Rule wal_tail{
    "wal-tail", Layer::wal, Severity::warning, "the db has all that the log has",
    "a restore takes the db alone, without these writes: start etcd on the directory as it is, if "
    "it can be, and take a snapshot"};
constexpr std::array table{snap_ahead, index_beyond_log, index_term, wal_member, wal_tail};

Place in_log(const wal::Log& log, const wal::Entry& entry) {
    Place place;
    place.file = wal::shown_path(log.segments[entry.segment].path);
    place.offset = entry.offset;
    return place;
}

/// A backend that was received with a snapshot and not yet put in place.
/// Source: etcd server/etcdserver/api/snap/db.go dbFilePath
bool has_snap_db(const DataDirectory& directory, std::uint64_t index) {
    std::error_code error;
    return std::filesystem::exists(directory.snap_dir / fmt::format("{:016x}.snap.db", index),
                                   error);
}

void check_term(const wal::Log& log, std::uint64_t index, const Rows& rows, Collector& findings) {
    const auto& entries = log.entries;
    if (!rows.term || entries.empty() || index < entries.first_index() ||
        index > entries.last_index())
        return;
    const auto entry = entries[index - entries.first_index()];
    if (entry.term == *rows.term) return;
    findings.add(
        index_term, in_log(log, entry),
        fmt::format("entry {} is of term {}, the db says term {}", index, entry.term, *rows.term));
}

void check_member(const wal::Log& log, const Rows& rows, Collector& findings) {
    if (!log.node || rows.members.empty()) return;
    const auto is_it = [&](const etcd::Member& member) { return member.id == *log.node; };
    if (std::any_of(rows.members.begin(), rows.members.end(), is_it)) return;
    Place place;
    place.file = wal::shown_path(log.segments.front().path);
    findings.add(
        wal_member, std::move(place),
        fmt::format("the log is of member {}, which the db does not have", to_string(*log.node)));
}

void check_tail(const wal::Log& log, std::uint64_t index, Collector& findings) {
    const auto& entries = log.entries;
    if (entries.last_index() <= index) return;
    const auto first = std::max(index + 1, entries.first_index());
    findings.add(wal_tail, in_log(log, entries[first - entries.first_index()]),
                 fmt::format("entries {} to {} of the log, {} in all, are not in the db, which "
                             "ends at {} (certain to be "
                             "committed: up to {})",
                             first, entries.last_index(), entries.last_index() - first + 1, index,
                             log.hard_state.commit));
}

}  // namespace

RuleRows position_rules() {
    return table;
}

void check_position(const DataDirectory& directory, const wal::Log& log,
                    const wal::SnapshotRecord& start, const Rows& rows, Collector& findings) {
    const auto index = rows.consistent_index.value_or(0);
    Place place;
    if (!log.segments.empty()) place.file = wal::shown_path(log.segments.back().path);
    if (start.index > index && !has_snap_db(directory, start.index)) {
        findings.add(snap_ahead, place,
                     fmt::format("the db ends at entry {}, etcd starts from the snapshot at {}, "
                                 "and {:016x}.snap.db is not there",
                                 index, start.index, start.index));
    }
    if (index > log.last_index() && log.ending != wal::Ending::broken) {
        findings.add(
            index_beyond_log, place,
            fmt::format("the db ends at entry {}, the log at {}", index, log.last_index()));
    }
    check_term(log, index, rows, findings);
    check_member(log, rows, findings);
    check_tail(log, index, findings);
}

}  // namespace salvor::verify
