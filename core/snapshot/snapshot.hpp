#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/snapshot/data_directory.hpp"
#include "formats/base/lock.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/envelope/layer.hpp"

namespace salvor::envelope {
struct Opening;
struct Peeled;
}  // namespace salvor::envelope

namespace salvor {

/// "etcd, process 4711".
std::string words(const LockHolder& holder);

/// A source, opened whatever it is: a snapshot with or without its trailer, a bare db, a member's
/// data directory (its db), any of the files within envelopes. It owns the bytes; everything that
/// is read from it is a view into them.
class Snapshot {
 public:
    enum class Lock { refuse_held, ignore_held };

    /// `path`: a file; a data directory (`/var/lib/etcd`), its `member`, or its `member/snap`; a
    /// pipe that is open (`/dev/stdin`, `/dev/fd/N`). Errors: not_found, not_a_file (a folder that
    /// is no data directory, a FIFO), io, in_use with Lock::refuse_held; of an envelope: not_found
    /// and refused (which entry is meant), usage (a key is needed), too_large. Whether the bytes
    /// are a database, or could be got at, is not asked here: database() says.
    static Result<Snapshot> open(const std::filesystem::path& path, Lock lock = Lock::ignore_held);
    static Result<Snapshot> open(const std::filesystem::path& path, Lock lock,
                                 const envelope::Opening& opening);
    /// As etcd's own tools open a file: no envelope is known, and pages may lie behind the end.
    static Result<Snapshot> open_as_etcd(const std::filesystem::path& path);

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
    /// What the file was taken out of, outermost first.
    const std::vector<envelope::Layer>& layers() const { return layers_; }
    /// What stood in skippable frames of its zstd layers: a manifest of `salvor seal`.
    const std::vector<std::string>& notes() const { return notes_; }
    const std::optional<DataDirectory>& data_directory() const { return data_directory_; }
    /// Who holds the file's lock, a running etcd mostly.
    const std::optional<LockHolder>& lock_holder() const { return lock_holder_; }

    /// The bbolt database in the image, or why there is none: malformed; unsupported (an envelope
    /// that is named and not opened here). Where an envelope is damaged, the image is the file as
    /// it lies there.
    const Result<bbolt::Database>& database() const { return *database_; }

 private:
    Snapshot(std::filesystem::path path, std::optional<DataDirectory> directory,
             envelope::Peeled peeled, bbolt::Reach reach = bbolt::Reach::page_run);
    void find_database(bbolt::Reach reach);

    std::filesystem::path path_;
    MappedFile file_;
    std::vector<envelope::Layer> layers_;
    std::vector<std::string> notes_;
    Bytes image_;
    std::optional<Bytes> trailer_;
    std::optional<DataDirectory> data_directory_;
    std::optional<LockHolder> lock_holder_;
    std::optional<Result<bbolt::Database>> database_;
};

}  // namespace salvor
