#pragma once

#include <optional>

#include "core/snapshot/snapshot.hpp"
#include "core/verify/stages.hpp"
#include "formats/snap/snap_file.hpp"
#include "formats/wal/log.hpp"

// The stage that looks at what lies beside the db of a member's data directory, and how it fits the
// db.

namespace salvor::verify {

/// All of it. Answers the cluster's id, which the log has.
std::optional<etcd::ClusterId> check_data_directory(const Snapshot& snapshot, const Rows& rows,
                                                    Collector& findings);

/// nullopt where there is no log, or it cannot be opened; that was told.
std::optional<wal::Log> check_log(const DataDirectory& directory, const ProblemSink& problems,
                                  Collector& findings);
/// That one of the files could not be opened; `folder` is theirs, as a place names it.
void report_unread(const std::vector<std::filesystem::path>& files, const std::string& folder,
                   const Error& error, Collector& findings);

/// What etcd starts from: the newest snapshot that the log bears out; index 0 where there is none.
wal::SnapshotRecord check_snap_files(const DataDirectory& directory, const wal::Log& log,
                                     const Rows& rows, const ProblemSink& problems,
                                     Collector& findings);

/// Whether etcd up to 3.6 can start from that .snap file; `place` is the file's.
void check_snap_store(const snap::SnapFile& snap, const Rows& rows, const Place& place,
                      Collector& findings);

/// Whether db and log are of one member and one time.
void check_position(const DataDirectory& directory, const wal::Log& log,
                    const wal::SnapshotRecord& start, const Rows& rows, Collector& findings);

}  // namespace salvor::verify
