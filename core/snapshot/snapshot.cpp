#include "core/snapshot/snapshot.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/base/descriptor.hpp"
#include "formats/envelope/peel.hpp"

namespace salvor {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t trailer_size = 32;
constexpr std::size_t trailer_modulus = 512;

/// The zeros behind a map's last byte, up to the end of the host's page, are bbolt's to read as
/// well.
Bytes to_page_end(Bytes mapped) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return {mapped.data(), (mapped.size() + page - 1) / page * page};
}

/// One of the two metas says that a database begins here.
bool begins_database(Bytes head) {
    if (bbolt::meta_at(head, 0).valid()) return true;
    for (std::size_t size = bbolt::min_page_size; size <= bbolt::max_page_size; size *= 2) {
        if (bbolt::meta_at(head, size).valid()) return true;
    }
    return false;
}

/// A pipe that this process was given. One with a name in the file system is not opened: it might
/// wait for a writer without end.
bool is_open_pipe(const fs::path& path) {
    const auto words = path.string();
    struct stat status{};
    return (words == "/dev/stdin" || words.starts_with("/dev/fd/") ||
            words.starts_with("/proc/self/fd/")) &&
           ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

envelope::Opening for_database(envelope::Opening opening) {
    opening.is_wanted = begins_database;
    return opening;
}

/// What the file is to blame for, and verify is to tell of.
bool is_about_the_bytes(const Error& error) {
    return error.code == ErrorCode::malformed || error.code == ErrorCode::unsupported;
}

Result<envelope::Peeled> peel_open_pipe(const fs::path& path, const envelope::Opening& opening) {
    const Descriptor pipe(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!pipe.is_open()) return fail_errno(errno, "open", path.string());
    return envelope::peel_pipe(pipe.get(), path, for_database(opening));
}

}  // namespace

std::string words(const LockHolder& holder) {
    if (holder.pid < 0) return "a process of another container";
    return fmt::format("{}process {}", holder.name.empty() ? "" : holder.name + ", ", holder.pid);
}

Result<Snapshot> Snapshot::open(const fs::path& path, Lock lock) {
    return open(path, lock, envelope::Opening{});
}

Result<Snapshot> Snapshot::open(const fs::path& path, Lock lock, const envelope::Opening& opening) {
    if (is_open_pipe(path)) {
        SALVOR_TRY(auto peeled, peel_open_pipe(path, opening));
        return Snapshot(path, {}, std::move(peeled));
    }
    std::error_code error;
    std::optional<DataDirectory> directory;
    if (fs::is_directory(path, error)) {
        auto found = find_data_directory(path);
        if (!found && opening.assemble) {
            SALVOR_TRY(auto made, opening.assemble(path));
            if (made) return Snapshot(path, {}, {*std::move(made), {}, {}});
        }
        SALVOR_TRY(directory, std::move(found));
    }
    SALVOR_TRY(auto file, MappedFile::open(directory ? directory->db : path));
    const auto holder = salvor::lock_holder(file);
    if (holder && lock == Lock::refuse_held) {
        return fail(ErrorCode::in_use, "{} is in use by {}; take a snapshot or a copy",
                    file.path().string(), words(*holder));
    }
    auto peeled = envelope::peel(file, for_database(opening));
    if (!peeled && !is_about_the_bytes(peeled.error())) return std::unexpected(peeled.error());
    Snapshot snapshot(path, std::move(directory),
                      peeled ? *std::move(peeled) : envelope::Peeled{std::move(file), {}, {}});
    snapshot.lock_holder_ = holder;
    if (!peeled) snapshot.database_ = std::unexpected(peeled.error());
    return snapshot;
}

Snapshot::Snapshot(fs::path path, std::optional<DataDirectory> directory, envelope::Peeled peeled,
                   bbolt::Reach reach)
    : path_(std::move(path)),
      file_(std::move(peeled.file)),
      layers_(std::move(peeled.layers)),
      data_directory_(std::move(directory)) {
    for (auto& note : peeled.notes) notes_.push_back(std::move(note.content));
    find_database(reach);
}

Result<Snapshot> Snapshot::open_as_etcd(const fs::path& path) {
    SALVOR_TRY(auto file, MappedFile::open(path));
    Snapshot snapshot(path, {}, {std::move(file), {}, {}}, bbolt::Reach::file);
    snapshot.lock_holder_ = salvor::lock_holder(snapshot.file_);
    return snapshot;
}

void Snapshot::find_database(bbolt::Reach reach) {
    image_ = file_.bytes();
    if (image_.size() % trailer_modulus == trailer_size) {
        trailer_ = image_.substr(image_.size() - trailer_size);
        image_.remove_suffix(trailer_size);
    }
    const bool as_mapped = reach == bbolt::Reach::file && !trailer_;
    database_ = bbolt::Database::open(as_mapped ? to_page_end(image_) : image_, reach);
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
