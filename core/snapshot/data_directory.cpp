#include "core/snapshot/data_directory.hpp"

#include <algorithm>

namespace salvor {
namespace fs = std::filesystem;
namespace {

constexpr const char* db_below = "member/snap/db";

Error not_looked_into(const fs::path& path, const std::error_code& error) {
    return fail_errno(error.value(), "open", path.string()).error();
}

/// What lies in a folder that is no data directory.
struct Content {
    std::uint64_t files = 0;
    bool has_db_files = false;                 ///< named *.db
    std::vector<fs::path> data_directories{};  ///< one level below
};

Result<Content> content_of(const fs::path& path) {
    Content content;
    std::error_code error;
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
        std::error_code unknown;
        if (at->is_regular_file(unknown)) {
            ++content.files;
            content.has_db_files = content.has_db_files || at->path().extension() == ".db";
        } else if (fs::exists(at->path() / db_below, unknown)) {
            content.data_directories.push_back(at->path());
        }
    }
    if (error) return std::unexpected(not_looked_into(path, error));
    std::sort(content.data_directories.begin(), content.data_directories.end());
    return content;
}

/// Of `member/wal`: the data directory that it is a part of.
std::optional<fs::path> owner_of_wal(const fs::path& path) {
    std::error_code error;
    auto root = (path / "../..").lexically_normal();
    if (!root.has_filename()) root = root.parent_path();  // "host/", as it normalizes
    if (files_in(path, ".wal").empty() || !fs::exists(root / db_below, error)) return {};
    return root;
}

/// Source: restic's own design document, "Repository Layout".
bool is_restic_repository(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path / "config", error)) return false;
    for (const auto* folder : {"data", "index", "keys", "snapshots"}) {
        if (!fs::is_directory(path / folder, error)) return false;
    }
    return true;
}

std::unexpected<Error> refuse(const fs::path& path) {
    if (is_restic_repository(path)) {
        return fail(ErrorCode::unsupported,
                    "{0} is a restic repository, which is not read here: restic -r {0} dump latest "
                    "PATH > OUT, then name OUT",
                    path.string());
    }
    if (const auto owner = owner_of_wal(path)) {
        return fail(ErrorCode::not_a_file, "{} is the WAL of a data directory: name that, {}",
                    path.string(), owner->string());
    }
    auto content = content_of(path);
    if (!content) return std::unexpected(std::move(content).error());
    if (!content->data_directories.empty()) {
        return fail(ErrorCode::not_a_file, "{} lies above a data directory: name that, {}",
                    path.string(), content->data_directories.front().string());
    }
    if (content->files > 0) {
        return fail(ErrorCode::not_a_file,
                    "{} is a directory without {}; it holds {} file{}: name what is meant, verify "
                    "takes {} as well",
                    path.string(), db_below, content->files, content->files == 1 ? "" : "s",
                    (path / (content->has_db_files ? "*.db" : "*")).string());
    }
    return fail(ErrorCode::not_a_file,
                "{} is a directory without {}: neither a snapshot nor a data directory",
                path.string(), db_below);
}

}  // namespace

std::vector<fs::path> files_in(const fs::path& dir, std::string_view extension) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == extension) found.push_back(at->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<DataDirectory> find_data_directory(const fs::path& path) {
    for (const auto& [up, root] :
         {std::pair{fs::path(db_below), path}, std::pair{fs::path("snap/db"), path / ".."},
          std::pair{fs::path("db"), path / "../.."}}) {
        std::error_code error;
        if (!fs::exists(path / up, error)) {
            if (error) return std::unexpected(not_looked_into(path / up, error));
            continue;
        }
        DataDirectory dir;
        dir.root = root.lexically_normal();
        dir.db = path / up;
        dir.snap_dir = dir.db.parent_path();
        dir.wal_dir = (dir.snap_dir / "../wal").lexically_normal();
        dir.wal_files = files_in(dir.wal_dir, ".wal");
        dir.snap_files = files_in(dir.snap_dir, ".snap");
        return dir;
    }
    return refuse(path);
}

}  // namespace salvor
