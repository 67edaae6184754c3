#include "formats/base/output.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "formats/base/interrupt.hpp"

namespace salvor {
namespace {

/// A copy goes in pieces so that each can be on its way to the disk while the next is read.
constexpr std::uint64_t copy_piece = 16 << 20;
/// Larger where the disk reads the source's cached pages itself: one write waits for one answer.
constexpr std::uint64_t direct_piece = 64 << 20;
constexpr std::size_t copy_buffer = 1 << 20;
/// Reflinks and direct writes need offsets and lengths in whole blocks, maps in whole pages of the
/// host; none in use is larger.
constexpr std::uint64_t largest_block = 64 << 10;

/// Writes past the page cache while it lives, where the file system can: is_on() tells.
class Direct {
 public:
    explicit Direct(int fd) : fd_(fd), flags_(::fcntl(fd, F_GETFL)) {
        on_ = flags_ >= 0 && ::fcntl(fd, F_SETFL, flags_ | O_DIRECT) == 0;
    }
    Direct(const Direct&) = delete;
    Direct& operator=(const Direct&) = delete;
    ~Direct() {
        if (on_) ::fcntl(fd_, F_SETFL, flags_);
    }
    bool is_on() const { return on_; }

 private:
    int fd_;
    int flags_;
    bool on_;
};

/// A file's bytes as the kernel alone may read them: a page that is gone is EFAULT there, and
/// SIGBUS to anybody else.
class Window {
 public:
    Window(int fd, std::uint64_t offset, std::size_t size)
        : at_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(offset))),
          size_(size) {}
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window() {
        if (is_mapped()) ::munmap(at_, size_);
    }
    bool is_mapped() const { return at_ != MAP_FAILED; }
    const void* data() const { return at_; }

 private:
    void* at_;
    std::size_t size_;
};

/// Whether an error of ioctl(FICLONERANGE), copy_file_range, a direct write or fallocate says "not
/// here", so that another way is to be tried.
bool says_unsupported(int error) {
    return error == EOPNOTSUPP || error == ENOSYS || error == EXDEV || error == EINVAL ||
           error == ENOTTY || error == EPERM || error == ETXTBSY;
}

}  // namespace

Result<FileWriter> FileWriter::create(const std::filesystem::path& path, mode_t mode) {
    SALVOR_CHECK(check_not_interrupted());
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) return fail_errno(errno, "create", path.string());
    return FileWriter(path, fd);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), end_(other.end_) {}

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(fd_, other.fd_);
    std::swap(end_, other.end_);
    return *this;
}

FileWriter::~FileWriter() {
    if (fd_ >= 0) ::close(fd_);
}

Result<void> FileWriter::write(Bytes bytes) {
    return write_at(end_, bytes);
}

Result<void> FileWriter::write_at(std::uint64_t offset, Bytes bytes) {
    SALVOR_CHECK(check_not_interrupted());
    while (!bytes.empty()) {
        const auto written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_errno(errno, "write", path_.string());
        offset += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        end_ = std::max(end_, offset);
    }
    return {};
}

Result<void> FileWriter::copy_from(int from, std::uint64_t from_offset, std::uint64_t size,
                                   const Copied& copied) {
    using Way = Result<std::uint64_t> (FileWriter::*)(int, std::uint64_t, std::uint64_t);
    constexpr Way ways[] = {&FileWriter::reflink, &FileWriter::copy_direct,
                            &FileWriter::copy_in_kernel, &FileWriter::copy_by_hand};
    std::size_t way = 0;
    while (size > 0) {
        SALVOR_CHECK(check_not_interrupted());
        SALVOR_TRY(const auto moved, (this->*ways[way])(from, from_offset, size));
        if (moved == 0 && ++way < std::size(ways)) continue;
        if (moved == 0) {
            return fail_at(
                from_offset, ErrorCode::io,
                "copy to {}: the source ends at byte {}, {} bytes early: it shrank while "
                "it was copied",
                path_.string(), from_offset, size);
        }
        from_offset += moved;
        size -= moved;
        if (copied) copied(moved);
    }
    return {};
}

std::uint64_t FileWriter::in_whole_blocks(std::uint64_t from_offset, std::uint64_t size) const {
    const bool aligned = from_offset % largest_block == 0 && end_ % largest_block == 0;
    return aligned ? size - size % largest_block : 0;
}

Result<std::uint64_t> FileWriter::reflink(int from, std::uint64_t from_offset, std::uint64_t size) {
    const auto whole = in_whole_blocks(from_offset, size);
    if (whole == 0) return 0;
    file_clone_range range{};
    range.src_fd = from;
    range.src_offset = from_offset;
    range.src_length = whole;
    range.dest_offset = end_;
    if (::ioctl(fd_, FICLONERANGE, &range) != 0) {
        if (says_unsupported(errno)) return 0;
        return fail_errno(errno, "reflink to", path_.string());
    }
    end_ += whole;
    return whole;
}

// The disk takes the bytes from the source's own cached pages: no copy is made in memory, which on
// a machine with two cores is what a restore would otherwise wait for.
Result<std::uint64_t> FileWriter::copy_direct(int from, std::uint64_t from_offset,
                                              std::uint64_t size) {
    const auto piece = std::min(in_whole_blocks(from_offset, size), direct_piece);
    if (piece == 0) return 0;
    const Window window(from, from_offset, piece);
    const Direct direct(fd_);
    if (!window.is_mapped() || !direct.is_on()) return 0;
    ssize_t moved;
    do moved = ::pwrite(fd_, window.data(), piece, static_cast<off_t>(end_));
    while (moved < 0 && errno == EINTR);
    if (moved < 0) {
        // EFAULT: the source shrank, and the next way tells where.
        if (says_unsupported(errno) || errno == EFAULT) return 0;
        return fail_errno(errno, "copy to", path_.string());
    }
    end_ += static_cast<std::uint64_t>(moved);
    return static_cast<std::uint64_t>(moved);
}

Result<std::uint64_t> FileWriter::copy_in_kernel(int from, std::uint64_t from_offset,
                                                 std::uint64_t size) {
    auto in = static_cast<off64_t>(from_offset);
    auto out = static_cast<off64_t>(end_);
    const auto piece = std::min(size, copy_piece);
    ssize_t moved;
    do moved = ::copy_file_range(from, &in, fd_, &out, piece, 0);
    while (moved < 0 && errno == EINTR);
    if (moved < 0) {
        if (says_unsupported(errno)) return 0;
        return fail_errno(errno, "copy to", path_.string());
    }
    start_writing_out(end_, static_cast<std::uint64_t>(moved));
    end_ += static_cast<std::uint64_t>(moved);
    return static_cast<std::uint64_t>(moved);
}

Result<std::uint64_t> FileWriter::copy_by_hand(int from, std::uint64_t from_offset,
                                               std::uint64_t size) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(copy_buffer);
    const auto start = end_;
    const auto piece = std::min(size, copy_piece);
    while (end_ - start < piece) {
        const auto wanted = std::min<std::uint64_t>(copy_buffer, piece - (end_ - start));
        const auto got =
            ::pread(from, buffer.get(), wanted, static_cast<off_t>(from_offset + (end_ - start)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(errno, "read the source of", path_.string());
        if (got == 0) break;
        SALVOR_CHECK(write(Bytes(buffer.get(), static_cast<std::size_t>(got))));
    }
    start_writing_out(start, end_ - start);
    return end_ - start;
}

// Only a hint: what fails here fails again, and is told, at fsync.
void FileWriter::start_writing_out(std::uint64_t offset, std::uint64_t size) const {
    ::sync_file_range(fd_, static_cast<off64_t>(offset), static_cast<off64_t>(size),
                      SYNC_FILE_RANGE_WRITE);
}

Result<void> FileWriter::resize(std::uint64_t size) {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) {
        return fail_errno(errno, "resize", path_.string());
    }
    end_ = size;
    return {};
}

Result<void> FileWriter::preallocate(std::uint64_t size) {
    SALVOR_CHECK(check_not_interrupted());
    if (size <= end_) return {};
    int result;
    do result = ::fallocate(fd_, 0, 0, static_cast<off_t>(size));
    while (result != 0 && errno == EINTR);
    if (result != 0 && says_unsupported(errno)) return resize(size);
    if (result != 0) return fail_errno(errno, "allocate", path_.string());
    end_ = size;
    return {};
}

Result<void> FileWriter::set_owner(Owner owner) {
    if (::fchown(fd_, owner.uid, owner.gid) != 0) {
        return fail_errno(errno, "change the owner of", path_.string());
    }
    return {};
}

Result<void> FileWriter::close() {
    if (::fsync(fd_) != 0) return fail_errno(errno, "sync", path_.string());
    // The descriptor is gone even where close fails (close(2)), so a destructor must not try again.
    if (::close(std::exchange(fd_, -1)) != 0) return fail_errno(errno, "close", path_.string());
    return {};
}

}  // namespace salvor
