#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// Outputs are built beside their place, synced, renamed: what stands at its place is whole, or is
// not there. After SIGKILL or a power cut at most a `.salvor-*` is left, which the next run there
// removes. Where signals are noted (interrupt.hpp), each step that makes something asks first.

namespace salvor {

struct Owner {
    uid_t uid;
    gid_t gid;
    bool operator==(const Owner&) const = default;
};

/// One new file, written front to back or at offsets, synced when closed.
class FileWriter {
 public:
    /// Creates `path`, which must not exist.
    static Result<FileWriter> create(const std::filesystem::path& path, mode_t mode);
    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&& other) noexcept;
    ~FileWriter();

    /// Appends at the present end.
    Result<void> write(Bytes bytes);
    Result<void> write_at(std::uint64_t offset, Bytes bytes);
    /// Hears how many bytes were copied since it was last called.
    using Copied = std::function<void(std::uint64_t)>;
    /// Appends `size` bytes of `from` at `from_offset`, by the cheapest way there is: a
    /// reflink, a direct write from the source's cached pages, copy_file_range, read and write.
    /// What was copied is on its way to the disk when this returns, so that the sync at the end is
    /// short. Error: io, also when `from` ends early.
    Result<void> copy_from(int from, std::uint64_t from_offset, std::uint64_t size,
                           const Copied& copied = {});
    Result<void> resize(std::uint64_t size);
    /// Makes the file at least `size` long, its new bytes zero, on blocks that are already
    /// allocated where the file system can (etcd's own way:
    /// client/pkg/fileutil/preallocate_unix.go).
    Result<void> preallocate(std::uint64_t size);
    Result<void> set_owner(Owner owner);
    /// fsync and close. A writer that goes out of scope unsynced leaves its file for the caller to
    /// remove.
    Result<void> close();
    int fd() const { return fd_; }
    std::uint64_t size() const { return end_; }
    const std::filesystem::path& path() const { return path_; }

 private:
    FileWriter(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
    /// How many bytes were taken over by that way; 0 where the kernel or the file system cannot.
    Result<std::uint64_t> reflink(int from, std::uint64_t from_offset, std::uint64_t size);
    Result<std::uint64_t> copy_direct(int from, std::uint64_t from_offset, std::uint64_t size);
    Result<std::uint64_t> copy_in_kernel(int from, std::uint64_t from_offset, std::uint64_t size);
    Result<std::uint64_t> copy_by_hand(int from, std::uint64_t from_offset, std::uint64_t size);
    /// How much of `size` a way that moves whole blocks can take from there to the present end.
    std::uint64_t in_whole_blocks(std::uint64_t from_offset, std::uint64_t size) const;
    void start_writing_out(std::uint64_t offset, std::uint64_t size) const;

    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t end_ = 0;
};

/// How the name of all that is only being built begins.
inline constexpr std::string_view staged_prefix = ".salvor-";

/// A new folder being built beside its place, 0700: `.salvor-NAME-XXXXXXXX`. Removed with all its
/// content unless commit() was reached. Where parents of the target are missing too, the topmost of
/// them is what is built and renamed, so that not even an empty folder is left by a killed run.
class StagedDirectory {
 public:
    /// Removes what earlier, killed runs left beside the target (those whose lock is free), then
    /// makes the folder. To fill an existing, empty directory D, which may be a mount, stage
    /// D/member. `owner` is given to every folder made here. Errors: exists, usage (a missing
    /// folder followed by `..`), io.
    /// With InTheWay::moved_later something may stand at the target until commit() is called.
    enum class InTheWay { refused, moved_later };
    static Result<StagedDirectory> create(const std::filesystem::path& target,
                                          std::optional<Owner> owner = {},
                                          InTheWay in_the_way = InTheWay::refused);
    StagedDirectory(StagedDirectory&& other) noexcept;
    StagedDirectory& operator=(StagedDirectory&& other) noexcept;
    ~StagedDirectory();

    /// What will stand at the target.
    std::filesystem::path path() const;
    const std::filesystem::path& target() const { return target_; }
    /// Makes a folder within, 0700, with the same owner; its parent must be there.
    Result<void> make_directory(const std::filesystem::path& relative) const;

    /// Syncs the folders (files were synced when they were closed), renames to the target, which
    /// must not exist (RENAME_NOREPLACE), syncs the parent.
    Result<void> commit();
    /// Takes a committed folder back from its place; it is removed with this object.
    Result<void> withdraw();

 private:
    StagedDirectory() = default;
    void discard();

    std::filesystem::path root_;  ///< `.salvor-NAME-XXXXXXXX`
    std::filesystem::path
        top_;  ///< what the root stands for: the target or its topmost missing parent
    std::filesystem::path target_;
    std::filesystem::path placed_;  ///< after commit(): what was renamed
    std::filesystem::path staged_;  ///< after commit(): from where
    std::optional<Owner> owner_;
    int lock_ = -1;  ///< held on the root while its maker lives
};

/// Removes what killed runs left in this folder, as create() does beside its target.
Result<void> remove_leftovers(const std::filesystem::path& directory);

/// Commits in this order; when one fails, those before it are withdrawn, and nothing is left of
/// any.
Result<void> commit_in_order(std::span<StagedDirectory> directories);

/// What stands where something is to be made. A folder with nothing but `lost+found` and what
/// killed runs left (`.salvor-*`) is empty.
enum class Occupancy { absent, empty, occupied };
/// Errors: not_a_file (something that is no folder stands there), io.
Result<Occupancy> occupancy(const std::filesystem::path& directory);

/// Of the path itself, or of its nearest parent that exists.
Result<Owner> owner_of(const std::filesystem::path& path);
/// Bytes that this user may still write on the file system of the path or its nearest existing
/// parent.
Result<std::uint64_t> free_space(const std::filesystem::path& path);

/// Renames, never over anything, and syncs both parents. Both must be on one file system.
Result<void> rename_no_replace(const std::filesystem::path& from, const std::filesystem::path& to);
Result<void> sync_directory(const std::filesystem::path& path);

}  // namespace salvor
