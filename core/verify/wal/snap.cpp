#include "core/verify/rules.hpp"
#include "core/verify/wal/data_directory.hpp"

namespace salvor::verify {
namespace {

constexpr std::array table{
    Rule{"snap-file", Layer::wal, Severity::warning,
         "a .snap file parses and has the CRC of its bytes",
         "etcd sets it aside and starts from the next older one; keep it out of a copy of the "
         "directory"},
    Rule{"snap-name", Layer::wal, Severity::warning, "a .snap file's name has its term and index",
         "somebody renamed the file: give it back its name, or take it away"},
    Rule{"snap-log", Layer::wal, Severity::note, "a .snap file is borne out by a record of the log",
         "etcd passes over it; nothing has to be done"},
};

// From this line on etcd does not read .snap files. Source: etcd
// server/etcdserver/bootstrap.go@v3.7.1
constexpr etcd::Version without_snap_files{3, 7, 0};

bool reads_snap_files(const Rows& rows) {
    return !rows.cluster_version || *rows.cluster_version < without_snap_files;
}

}  // namespace

RuleRows snap_rules() {
    return table;
}

wal::SnapshotRecord check_snap_files(const DataDirectory& directory, const wal::Log& log,
                                     const Rows& rows, const ProblemSink& problems,
                                     Collector& findings) {
    const auto in_log = [&](std::uint64_t term, std::uint64_t index) {
        return log.committed_snapshot(term, index) != nullptr;
    };
    const auto loaded = snap::newest(directory.snap_files, in_log, problems);
    if (!loaded) report_unread(directory.snap_files, "member/snap", loaded.error(), findings);
    wal::SnapshotRecord start;
    if (!reads_snap_files(rows)) {
        if (const auto* record = log.newest_committed_snapshot()) start = *record;
    } else if (loaded && *loaded) {
        start.term = (*loaded)->snap.term;
        start.index = (*loaded)->snap.index;
        Place place;
        place.file = "member/snap/" + (*loaded)->path.filename().string();
        check_snap_store((*loaded)->snap, rows, place, findings);
    }
    return start;
}

}  // namespace salvor::verify
