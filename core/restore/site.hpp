#pragma once

#include "core/restore/restore.hpp"

// Where a data directory is to stand: what is there now, and what becomes of it.

namespace salvor::restore {

/// Fills in data_dir (a symbolic link followed), wal_dir, build_at, moves and owners of `target`.
/// What stands there is looked at and nothing is changed. `standing` is asked whether a full place
/// holds just what would be built. Errors: exists, in_use, not_a_file, io.
struct Standing {
    std::function<Result<bool>(const PlannedMember&)> whole;  ///< the data directory with its WAL
    std::function<Result<bool>(const PlannedMember&)> wal;    ///< wal_dir alone
};
Result<void> choose_site(PlannedMember& target, const Request& request, const Standing& standing);

/// How `path` is reached from `directory`, links followed; nullopt where it does not lie in it. "."
/// is itself.
std::optional<std::filesystem::path> path_within(const std::filesystem::path& path,
                                                 const std::filesystem::path& directory);

}  // namespace salvor::restore
