#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "formats/base/result.hpp"

namespace salvor {

/// What lies beside the db of a member's data directory. Paths are absolute or as the source was
/// given.
struct DataDirectory {
    std::filesystem::path root;  ///< the folder that has member/
    std::filesystem::path db;
    std::filesystem::path wal_dir;
    std::filesystem::path snap_dir;
    std::vector<std::filesystem::path> wal_files;   ///< sorted; *.wal alone
    std::vector<std::filesystem::path> snap_files;  ///< sorted; *.snap alone
};

/// Of a directory: the data directory itself, its `member`, or its `member/snap`.
/// Errors: io (it may not be looked into), not_a_file (it is another folder: the message says which
/// and what to name instead).
Result<DataDirectory> find_data_directory(const std::filesystem::path& path);

/// The files with this extension, sorted.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& dir,
                                            std::string_view extension);

}  // namespace salvor
