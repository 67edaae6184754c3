#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/snapshot/data_directory.hpp"
#include "formats/base/lock.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/database.hpp"

namespace salvor {

/// "etcd, process 4711".
std::string words(const LockHolder& holder);

/// A source, opened whatever it is: a snapshot with or without its trailer, a bare db, a member's
/// data directory (its db). It owns the bytes; everything that is read from it is a view into them.
class Snapshot {
 public:
    enum class Lock { refuse_held, ignore_held };

    /// `path`: a file; a data directory (`/var/lib/etcd`), its `member`, or its `member/snap`.
    /// Errors: not_found, not_a_file (a folder that is no data directory, a FIFO), io, in_use with
    /// Lock::refuse_held.
    /// Whether the bytes are a database is not asked here: database() says.
    static Result<Snapshot> open(const std::filesystem::path& path, Lock lock = Lock::ignore_held,
                                 bbolt::Reach reach = bbolt::Reach::page_run);

    /// Of a data directory whose WAL lies elsewhere, as etcd's own --wal-dir has it.
    /// Errors: usage (it is no data directory), not_found, not_a_file.
    Result<void> take_wal_from(const std::filesystem::path& wal_dir);

    const std::filesystem::path& path() const { return path_; }
    const MappedFile& file() const { return file_; }
    /// The file less its trailer.
    Bytes image() const { return image_; }
    /// The 32 bytes behind the image, present exactly when the size mod 512 is 32.
    /// Source: etcd etcdutl/snapshot/v3_snapshot.go hasChecksum
    std::optional<Bytes> trailer() const { return trailer_; }
    const std::optional<DataDirectory>& data_directory() const { return data_directory_; }
    /// Who holds the file's lock, a running etcd mostly.
    const std::optional<LockHolder>& lock_holder() const { return lock_holder_; }

    /// The bbolt database in the image, or why there is none: malformed; unsupported where it is
    /// packed or encrypted (with Reach::page_run, for what etcd itself opens it does not look into).
    const Result<bbolt::Database>& database() const { return *database_; }

 private:
    Snapshot(std::filesystem::path path, MappedFile file)
        : path_(std::move(path)), file_(std::move(file)) {}
    std::filesystem::path path_;
    MappedFile file_;
    Bytes image_;
    std::optional<Bytes> trailer_;
    std::optional<DataDirectory> data_directory_;
    std::optional<LockHolder> lock_holder_;
    std::optional<Result<bbolt::Database>> database_;
};

}  // namespace salvor
