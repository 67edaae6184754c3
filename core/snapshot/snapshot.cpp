#include "core/snapshot/snapshot.hpp"

#include <unistd.h>

#include <algorithm>

namespace salvor {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t trailer_size = 32;
constexpr std::size_t trailer_modulus = 512;

std::vector<fs::path> files_in(const fs::path& dir, std::string_view extension) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == extension) found.push_back(at->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// Accepts the data directory itself, its `member`, or its `member/snap`.
std::optional<DataDirectory> find_data_directory(const fs::path& path) {
    std::error_code error;
    for (const auto& [up, root] : {std::pair{fs::path("member/snap/db"), path},
                                   std::pair{fs::path("snap/db"), path / ".."},
                                   std::pair{fs::path("db"), path / "../.."}}) {
        if (!fs::exists(path / up, error)) continue;
        DataDirectory dir;
        dir.root = root.lexically_normal();
        dir.db = path / up;
        dir.snap_dir = dir.db.parent_path();
        dir.wal_dir = (dir.snap_dir / "../wal").lexically_normal();
        dir.wal_files = files_in(dir.wal_dir, ".wal");
        dir.snap_files = files_in(dir.snap_dir, ".snap");
        return dir;
    }
    return {};
}

std::string holder_words(const LockHolder& holder) {
    if (holder.pid < 0) return "a process of another container";
    return fmt::format("{}process {}", holder.name.empty() ? "" : holder.name + ", ", holder.pid);
}

/// The zeros behind a map's last byte, up to the end of the host's page, are bbolt's to read as well.
Bytes to_page_end(Bytes mapped) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return {mapped.data(), (mapped.size() + page - 1) / page * page};
}

}  // namespace

Result<Snapshot> Snapshot::open(const fs::path& path, Lock lock, bbolt::Reach reach) {
    std::error_code error;
    std::optional<DataDirectory> data_directory;
    if (fs::is_directory(path, error)) {
        data_directory = find_data_directory(path);
        if (!data_directory) {
            return fail(ErrorCode::not_a_file, "{} is a directory without member/snap/db: neither a snapshot nor a data directory",
                        path.string());
        }
    }
    SALVOR_TRY(auto file, MappedFile::open(data_directory ? data_directory->db : path));
    Snapshot snapshot(path, std::move(file));
    snapshot.data_directory_ = std::move(data_directory);
    snapshot.lock_holder_ = salvor::lock_holder(snapshot.file_);
    if (snapshot.lock_holder_ && lock == Lock::refuse_held) {
        return fail(ErrorCode::in_use, "{} is in use by {}; take a snapshot or a copy", snapshot.file_.path().string(),
                    holder_words(*snapshot.lock_holder_));
    }
    snapshot.image_ = snapshot.file_.bytes();
    if (snapshot.image_.size() % trailer_modulus == trailer_size) {
        snapshot.trailer_ = snapshot.image_.substr(snapshot.image_.size() - trailer_size);
        snapshot.image_.remove_suffix(trailer_size);
    }
    const bool as_mapped = reach == bbolt::Reach::file && !snapshot.trailer_;
    snapshot.database_ =
        bbolt::Database::open(as_mapped ? to_page_end(snapshot.image_) : snapshot.image_, reach);
    return snapshot;
}

Result<void> Snapshot::take_wal_from(const fs::path& wal_dir) {
    if (!data_directory_) {
        return fail(ErrorCode::usage, "{} is no data directory: --wal-dir has no meaning for it",
                    path_.string());
    }
    std::error_code error;
    if (!fs::exists(wal_dir, error))
        return fail(ErrorCode::not_found, "--wal-dir {}: no such directory", wal_dir.string());
    if (!fs::is_directory(wal_dir, error))
        return fail(ErrorCode::not_a_file, "--wal-dir {}: not a directory", wal_dir.string());
    data_directory_->wal_dir = wal_dir;
    data_directory_->wal_files = files_in(wal_dir, ".wal");
    return {};
}

}  // namespace salvor
