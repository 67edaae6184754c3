#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor {

/// A regular file, opened read-only (O_NOATIME where allowed, no lock taken) and mapped whole. The
/// bytes stay valid and readable until the last copy of the object goes, also when the file shrinks
/// or a sector cannot be read meanwhile: such pages then read as zeros, and intact() tells.
class MappedFile {
 public:
    /// Errors: not_found, not_a_file (a directory, FIFO, device), io. An empty file maps to no
    /// bytes.
    static Result<MappedFile> open(const std::filesystem::path& path);
    /// The same of an open descriptor, which becomes the map's; `path` is what messages call it.
    static Result<MappedFile> adopt(int fd, const std::filesystem::path& path);

    Bytes bytes() const;
    const std::filesystem::path& path() const;
    /// The descriptor, for copies within the kernel; it is closed with the map.
    int fd() const;
    /// Device and inode, by which /proc/locks names a file.
    std::uint64_t device() const;
    std::uint64_t inode() const;
    /// Nanoseconds since 1970 of the last change, from the same fstat as the size.
    std::int64_t modified_ns() const;

    /// An Error when bytes that were mapped could not be read: the file shrank, or the disk failed.
    Result<void> intact() const;
    /// Asks the kernel to read ahead all of it.
    void will_read_all() const;

 private:
    struct Map;
    explicit MappedFile(std::shared_ptr<Map> map) : map_(std::move(map)) {}
    std::shared_ptr<Map> map_;
};

/// intact() of every file mapped by this process, the first that failed: asked once before success
/// is said.
Result<void> all_maps_intact();

}  // namespace salvor
