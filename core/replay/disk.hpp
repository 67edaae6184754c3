#pragma once

#include <optional>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"
#include "formats/wal/log.hpp"

namespace salvor::replay {

/// What one member's disk has, read and checked, nothing applied yet.
struct Disk {
    const Snapshot* source = nullptr;
    /// The db that a leader sent and that never took its place: a kill came first. It is then what
    /// the log goes on from. Source: etcd server/etcdserver/api/snap/db.go
    std::optional<Snapshot> received;
    wal::Log log;
    etcd::MemberId member{};
    etcd::Line line{};           ///< that wrote it, as far as its records tell
    std::uint64_t db_index = 0;  ///< of the last entry that the db has
    /// Who had a vote when the db ended, where no row of the db says: of 3.4 none does, and the
    /// members' rows forget of a learner whose addresses change that it is one.
    std::optional<etcd::ConfState> conf_state;
    std::uint64_t committed = 0;  ///< up to here a majority is known to have the log
    /// Why the log cannot be read to its end: it is cut short or damaged behind its last entry.
    std::optional<std::string> broken;
    std::vector<std::string> remarks;

    const bbolt::Database& db() const { return *(received ? *received : *source).database(); }
    /// The last entry that can be applied.
    std::uint64_t last_index() const;
    /// That entry's; 0 where only the db has it.
    std::uint64_t last_term() const;
};

/// Errors: usage (it is no data directory), malformed (the db, or a log of no member), flawed (the
/// log does not go on from where the db ends, or is another member's), io.
Result<Disk> read_disk(const Snapshot& source);

}  // namespace salvor::replay
