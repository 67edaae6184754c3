#include "core/replay/disk.hpp"

#include <algorithm>

#include "core/replay/buckets.hpp"
#include "core/replay/membership.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/conf_change.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/request.hpp"
#include "formats/snap/snap_file.hpp"
#include "formats/wal/reader.hpp"

namespace salvor::replay {
namespace {

using namespace etcd;

Result<std::uint64_t> index_of(const bbolt::Database& db) {
    SALVOR_TRY(const auto row, Buckets(db).get(buckets::meta, meta_keys::consistent_index));
    return row ? parse_u64(*row).value_or(0) : 0;
}

/// The cluster's version as the log's first entries set it: a db that was killed young has none.
std::optional<Line> line_of(const wal::Log& log) {
    constexpr std::size_t first_entries = 64;
    std::optional<Line> line;
    for (std::size_t i = 0; i < std::min(log.entries.size(), first_entries); ++i) {
        const auto entry = log.entries[i];
        if (entry.type != wal::Entry::Type::normal || entry.data.empty()) continue;
        const auto request = parse_raft_request(entry.data);
        const auto* set = request ? std::get_if<ClusterVersionSetRequest>(&request->body) : nullptr;
        const auto version = set ? parse_version(set->version) : std::nullopt;
        const auto told = version ? etcd::line_of(*version) : std::nullopt;
        if (told) line = std::max(line.value_or(*told), *told);
    }
    return line;
}

/// The line whose server wrote the db. Its version may lag behind the program that runs; a term is
/// stored since 3.5.
Result<Line> line_of(const bbolt::Database& db, const wal::Log& log) {
    const Buckets rows(db);
    SALVOR_TRY(const auto storage, rows.get(buckets::meta, meta_keys::storage_version));
    SALVOR_TRY(const auto cluster, rows.get(buckets::cluster, cluster_keys::version));
    SALVOR_TRY(const auto term, rows.get(buckets::meta, meta_keys::term));
    auto line = std::max(term ? Line::v3_5 : Line::v3_4, line_of(log).value_or(Line::v3_4));
    for (const auto& row : {storage, cluster}) {
        const auto version = row ? parse_version(*row) : std::nullopt;
        const auto told = version ? etcd::line_of(*version) : std::nullopt;
        if (told) line = std::max(line, *told);
    }
    return line;
}

Result<wal::Log> read_log(const DataDirectory& directory, std::vector<std::string>& remarks,
                          std::optional<std::string>& broken) {
    if (directory.wal_files.empty()) {
        return fail(ErrorCode::flawed,
                    "{} holds no log: there is nothing to replay, the db is all there is",
                    directory.wal_dir.string());
    }
    std::vector<std::string> said;
    const auto note = [&](Problem problem) {
        said.push_back(fmt::format("{}: {}", problem.place.file, problem.message));
        if (std::string_view(problem.check) == "wal-commit") broken = said.back();
    };
    SALVOR_TRY(auto log, wal::read(directory.wal_files, note));
    if (log.ending == wal::Ending::broken) {
        broken = said.back();
    }
    remarks.insert(remarks.end(), said.begin(), said.end());
    return log;
}

/// The newest db that a leader sent, from which the log goes on and which the db is older than.
Result<std::optional<Snapshot>> received_db(const DataDirectory& directory, const wal::Log& log,
                                            std::uint64_t db_index) {
    for (auto at = log.snapshots.rbegin(); at != log.snapshots.rend(); ++at) {
        if (at->index <= db_index || !log.committed_snapshot(at->term, at->index)) continue;
        const auto path = directory.snap_dir / fmt::format("{:016x}.snap.db", at->index);
        std::error_code error;
        if (!std::filesystem::exists(path, error)) continue;
        SALVOR_TRY(auto received, Snapshot::open(path));
        if (!received.database()) return std::unexpected(received.database().error());
        SALVOR_TRY(const auto index, index_of(*received.database()));
        if (index == at->index) return received;
    }
    return std::nullopt;
}

/// Who votes as the last .snap file knows it, and the log after it up to where the db ends.
Result<std::optional<ConfState>> conf_state_of_log(const DataDirectory& directory,
                                                   const wal::Log& log, std::uint64_t db_index) {
    const auto in_log = [&](std::uint64_t term, std::uint64_t index) {
        return index <= db_index && log.committed_snapshot(term, index) != nullptr;
    };
    SALVOR_TRY(const auto start, snap::newest(directory.snap_files, in_log, [](const Problem&) {}));
    const auto from = start ? start->snap.index : 0;
    if (log.entries.empty() || log.entries.first_index() > from + 1) return std::nullopt;
    auto state = start ? start->snap.conf_state : ConfState{};
    for (auto index = from + 1; index <= std::min(db_index, log.entries.last_index()); ++index) {
        const auto entry = log.entries[index - log.entries.first_index()];
        if (entry.type != wal::Entry::Type::conf_change) continue;
        SALVOR_TRY(const auto change, parse_conf_change(entry.data));
        if (change.type == ConfChange::Type::update) continue;
        std::erase(state.voters, change.member);
        std::erase(state.learners, change.member);
        if (change.type == ConfChange::Type::add) state.voters.push_back(change.member);
        if (change.type == ConfChange::Type::add_learner) state.learners.push_back(change.member);
    }
    return state;
}

Result<void> check_of_one_member(const Disk& disk) {
    Buckets rows(disk.db());
    Membership membership(rows, disk.line);
    SALVOR_CHECK(membership.read());
    const auto is_member = std::ranges::find(membership.members(), disk.member, &Member::id) !=
                           membership.members().end();
    if (is_member || membership.was_removed(disk.member) || membership.members().empty()) return {};
    return fail(ErrorCode::flawed,
                "the log is of member {}, whom the db does not know: they are of two disks, or the "
                "db was restored and its log was not",
                to_string(disk.member));
}

Result<void> check_goes_on(const Disk& disk) {
    const auto& entries = disk.log.entries;
    if (entries.empty() || entries.first_index() <= disk.db_index + 1) return {};
    return fail(ErrorCode::flawed,
                "the db ends at entry {}, the log begins at entry {}: what is between them is on "
                "no file here, so nothing can be replayed; another member's disk may have it",
                disk.db_index, entries.first_index());
}

}  // namespace

std::uint64_t Disk::last_index() const {
    return std::max(log.entries.last_index(), db_index);
}

std::uint64_t Disk::last_term() const {
    const auto& entries = log.entries;
    const bool has_it = !entries.empty() && entries.last_index() == last_index();
    return has_it ? entries[entries.size() - 1].term : 0;
}

Result<Disk> read_disk(const Snapshot& source) {
    if (!source.data_directory()) {
        return fail(ErrorCode::usage,
                    "{} is no data directory: only a member's disk has a log to replay",
                    source.path().string());
    }
    if (!source.database()) return std::unexpected(source.database().error());
    Disk disk;
    disk.source = &source;
    const auto& directory = *source.data_directory();
    SALVOR_TRY(disk.log, read_log(directory, disk.remarks, disk.broken));
    if (!disk.log.node) {
        return fail(ErrorCode::flawed, "{}: the log does not say which member it is of{}",
                    directory.wal_dir.string(),
                    disk.broken ? fmt::format("; {}", *disk.broken) : "");
    }
    disk.member = *disk.log.node;
    SALVOR_TRY(disk.db_index, index_of(disk.db()));
    SALVOR_TRY(disk.received, received_db(directory, disk.log, disk.db_index));
    if (disk.received) {
        SALVOR_TRY(disk.db_index, index_of(disk.db()));
        disk.remarks.push_back(fmt::format(
            "{}: the db that a leader sent and that had not taken its place yet; it is newer than "
            "member/snap/db, so the log goes on from it",
            disk.received->path().string()));
    }
    SALVOR_TRY(disk.line, line_of(disk.db(), disk.log));
    SALVOR_TRY(const auto stored, Buckets(disk.db()).get(buckets::meta, meta_keys::conf_state));
    if (!stored) {
        SALVOR_TRY(disk.conf_state, conf_state_of_log(directory, disk.log, disk.db_index));
    }
    SALVOR_CHECK(check_of_one_member(disk));
    SALVOR_CHECK(check_goes_on(disk));
    disk.committed = std::max(disk.log.hard_state.commit, disk.db_index);
    return disk;
}

}  // namespace salvor::replay
