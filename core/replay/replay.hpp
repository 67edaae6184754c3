#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/replay/applier.hpp"
#include "core/replay/disk.hpp"
#include "formats/base/output.hpp"

// One surviving member's disk -> the newest state that it can prove: its db, and what its log says
// beyond it, applied as the member itself would when it starts.

namespace salvor::replay {

struct Wanted {
    /// Also what the log has beyond the last entry that a majority is known to have.
    bool include_uncommitted = false;
    std::optional<std::int64_t> until_revision;
    std::optional<std::uint64_t> until_index;
};

/// How far it went, and what that rests on.
struct Outcome {
    etcd::MemberId member{};
    std::string name;  ///< of the member; empty where it has none (no longer)
    std::optional<etcd::ClusterId> cluster;
    etcd::Line line{};
    std::int64_t revision_before = 0;  ///< of the db
    std::int64_t revision = 0;
    std::uint64_t index_before = 0;  ///< of the db
    std::uint64_t index = 0;         ///< of the last entry applied
    std::uint64_t term = 0;          ///< of that entry; 0 where none was applied
    std::uint64_t committed = 0;     ///< up to here a majority is known to have the log
    std::uint64_t log_end = 0;
    std::uint64_t log_end_term = 0;  ///< 0 where only the db has that entry
    /// Nobody else had a say when the last entry was applied: then the whole log counts.
    bool lone_voter = false;
    std::size_t voters = 0;
    std::uint64_t unproven = 0;  ///< entries applied that may have been rolled back
    std::uint64_t beyond = 0;    ///< entries not applied that the log still has
    std::size_t passwords_hashed = 0;
    Tally tally;
    std::vector<std::string> remarks;
};

class Replay {
 public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;
    /// The source must outlive it. Errors: those of read_disk() and Applier; flawed (the log is
    /// broken before the end that is wanted: the message says what can be had all the same);
    /// refused (the revision or index that is wanted cannot be reached).
    static Result<std::unique_ptr<Replay>> run(const Snapshot& source, const Wanted& wanted,
                                               const Progress& progress = {});

    const Outcome& outcome() const { return outcome_; }
    const bbolt::Database& db() const { return disk_.db(); }
    const Applier& applier() const { return *applier_; }

    /// The db as a snapshot would have it, dense, without a trailer. Errors: malformed, io.
    Result<void> write(FileWriter& out) const;

 private:
    explicit Replay(Disk disk) : disk_(std::move(disk)) {}
    Result<void> apply_all(const Wanted& wanted, const Progress& progress);
    Result<bool> goes_on(const wal::Entry& entry, const Wanted& wanted);
    Result<void> check_end(const Wanted& wanted) const;
    void note_position(bbolt::Change& change) const;

    Disk disk_;
    std::unique_ptr<Applier> applier_;
    Outcome outcome_;
};

}  // namespace salvor::replay
