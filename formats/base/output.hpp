#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// Outputs are built beside their place, synced, renamed: what stands at its place is whole, or is not there.
// After SIGKILL or a power cut at most a `.salvor-*` is left, which the next run there removes.

namespace salvor {

struct Owner {
    uid_t uid;
    gid_t gid;
};

/// One new file, written front to back or at offsets, synced when closed.
class FileWriter {
  public:
    /// Creates `path`, which must not exist.
    static Result<FileWriter> create(const std::filesystem::path& path, mode_t mode);
    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&& other) noexcept;
    ~FileWriter();

    Result<void> write(Bytes bytes);
    Result<void> write_at(std::uint64_t offset, Bytes bytes);
    /// Copies `size` bytes of `from` at `from_offset` to the present end, within the kernel where it can
    /// (reflink, copy_file_range), else by read and write.
    Result<void> copy_from(int from, std::uint64_t from_offset, std::uint64_t size);
    Result<void> resize(std::uint64_t size);
    /// Allocates without changing content: fallocate where it can, else writes zeros.
    Result<void> preallocate(std::uint64_t size);
    Result<void> set_owner(Owner owner);
    /// fsync and close. A writer that goes out of scope unsynced leaves its file for the caller to remove.
    Result<void> close();
    int fd() const { return fd_; }
    const std::filesystem::path& path() const { return path_; }

  private:
    FileWriter(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
    std::filesystem::path path_;
    int fd_ = -1;
};

/// A new folder being built beside its place: `.salvor-NAME-XXXXXX`, 0700. Removed with all its content
/// unless commit() was reached.
class StagedDirectory {
  public:
    /// Removes what earlier, killed runs left beside `target` (those whose lock is free), then makes the
    /// folder in `beside`, `target`'s parent by default, which must be on the same file system.
    static Result<StagedDirectory> create(const std::filesystem::path& target,
                                          std::optional<std::filesystem::path> beside = {});
    StagedDirectory(StagedDirectory&& other) noexcept;
    StagedDirectory& operator=(StagedDirectory&& other) noexcept;
    ~StagedDirectory();
    const std::filesystem::path& path() const { return path_; }
    const std::filesystem::path& target() const { return target_; }
    /// Syncs the folders, renames to the target (which must not exist: RENAME_NOREPLACE), syncs the parent.
    Result<void> commit();

  private:
    StagedDirectory(std::filesystem::path path, std::filesystem::path target, int lock)
        : path_(std::move(path)), target_(std::move(target)), lock_(lock) {}
    std::filesystem::path path_;
    std::filesystem::path target_;
    int lock_ = -1;  ///< held on the staged folder while its maker lives
};

Result<void> sync_directory(const std::filesystem::path& path);

}  // namespace salvor
