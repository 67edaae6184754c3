#include "core/snapshot/snapshot.hpp"

#include <unistd.h>

#include "core/snapshot/packing.hpp"

namespace salvor {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t trailer_size = 32;
constexpr std::size_t trailer_modulus = 512;

/// The zeros behind a map's last byte, up to the end of the host's page, are bbolt's to read as well.
Bytes to_page_end(Bytes mapped) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return {mapped.data(), (mapped.size() + page - 1) / page * page};
}

}  // namespace

std::string words(const LockHolder& holder) {
    if (holder.pid < 0) return "a process of another container";
    return fmt::format("{}process {}", holder.name.empty() ? "" : holder.name + ", ", holder.pid);
}

Result<Snapshot> Snapshot::open(const fs::path& path, Lock lock, bbolt::Reach reach) {
    std::error_code error;
    std::optional<DataDirectory> data_directory;
    if (fs::is_directory(path, error)) {
        SALVOR_TRY(data_directory, find_data_directory(path));
    }
    SALVOR_TRY(auto file, MappedFile::open(data_directory ? data_directory->db : path));
    Snapshot snapshot(path, std::move(file));
    snapshot.data_directory_ = std::move(data_directory);
    snapshot.lock_holder_ = salvor::lock_holder(snapshot.file_);
    if (snapshot.lock_holder_ && lock == Lock::refuse_held) {
        return fail(ErrorCode::in_use, "{} is in use by {}; take a snapshot or a copy", snapshot.file_.path().string(),
                    words(*snapshot.lock_holder_));
    }
    snapshot.image_ = snapshot.file_.bytes();
    if (snapshot.image_.size() % trailer_modulus == trailer_size) {
        snapshot.trailer_ = snapshot.image_.substr(snapshot.image_.size() - trailer_size);
        snapshot.image_.remove_suffix(trailer_size);
    }
    const bool as_mapped = reach == bbolt::Reach::file && !snapshot.trailer_;
    snapshot.database_ =
        bbolt::Database::open(as_mapped ? to_page_end(snapshot.image_) : snapshot.image_, reach);
    if (!*snapshot.database_ && reach == bbolt::Reach::page_run) {
        if (const auto packing = packing_of(snapshot.file_.bytes())) {
            snapshot.database_ =
                fail(ErrorCode::unsupported, "{} is {}: {} it first, and name what comes out",
                     snapshot.file_.path().string(), packing->what, packing->undo);
        }
    }
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
