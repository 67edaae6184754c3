#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/snapshot/snapshot.hpp"

namespace salvor::restore {

/// How far a data directory has come: its db, and what its log has beyond that.
struct Progressed {
    std::int64_t revision = 0;
    std::uint64_t wal_tail = 0;  ///< entries above the db's consistent_index
};
/// nullopt where it cannot be read.
/// Where it has no WAL of its own, with the one in `wal_dir`.
std::optional<Progressed> progressed(const std::filesystem::path& data_dir,
                                     const std::filesystem::path& wal_dir);

/// Entries of the source's log that are not in its db; 0 for anything but a data directory.
std::uint64_t wal_tail(const Snapshot& source);

}  // namespace salvor::restore
