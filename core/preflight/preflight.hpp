#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/info/info.hpp"
#include "core/preflight/chapter.hpp"
#include "core/verify/host/host.hpp"
#include "core/verify/verify.hpp"

// The operator's page before a restore: would it boot, what is lost, what happens in the first
// minutes, what to have ready. All of it is told from what verify and info found.

namespace salvor::preflight {

/// Findings of one rule.
struct Entry {
    const Finding* first;
    std::vector<const Finding*> findings;
    std::uint64_t count = 0;  ///< those that were not kept as well
};

/// etcd's own disk, where the host still has one.
struct Disk {
    std::string path;
    std::string unread;  ///< why it could not be looked at; empty: it could
    std::int64_t revision = 0;
    bool revision_at_least = false;
    enum class Cluster { same, other, unknown } cluster = Cluster::unknown;
    std::uint64_t beyond_db = 0;  ///< entries of its log that its db lacks
};

/// Asks of a data directory what the page says of it.
Disk look_at_disk(const verify::Host& host, const verify::Report& backup);

struct Page {
    const verify::Report* report;
    const info::Info* info;    ///< nullptr: there is no database to look into
    const verify::Host* host;  ///< nullptr: none was named
    std::int64_t now;
    std::optional<Disk> disk;

    std::vector<Entry> errors;   ///< why it would not boot
    std::vector<Entry> entries;  ///< of the cluster, by chapter, the worst first
    std::uint64_t kept = 0;      ///< findings about the cluster that it goes on with
    /// From when it was taken on to `now`; nullopt where no record tells it, or it is later.
    std::optional<std::int64_t> seconds_lost;
    std::vector<verify::HostFile> files;  ///< to have ready
    std::string layout;                   ///< whose files they are

    bool boots() const { return report->backup == verify::BackupVerdict::sound; }
};

/// `now`: the same as verify was asked with. What is handed in outlives the page.
Page foresee(const verify::Report& report, const info::Info* info, const verify::Host* host,
             std::int64_t now);

}  // namespace salvor::preflight
