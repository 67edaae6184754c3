#pragma once

#include <memory>

#include "formats/bbolt/database.hpp"

namespace salvor::upstream {

/// How the leaves are got at.
enum class Access {
    read,    ///< through a small buffer: fastest where nothing of the file is mapped yet
    mapped,  ///< where the map's pages are there already
};

/// A stretch of the file, read into a buffer that stays in the processor's cache. To map a large
/// file and give the map back costs about twice what reading it so does, and one pass needs each
/// page once.
class PageWindow {
 public:
    /// `fd`: of the file that `db` is in, from its first byte.
    PageWindow(const bbolt::Database& db, int fd, Access access);

    bool holds(std::uint64_t offset, std::uint64_t size) const {
        return offset >= begin_ && size <= end_ - begin_ && offset - begin_ <= end_ - begin_ - size;
    }
    /// A page as Database::page gives it, but a view into the window: valid until the next call.
    /// Where it is not in the window, that moves to the page and reads as far as `ahead`, an
    /// offset.
    Result<bbolt::PageView> page(bbolt::PageId id, std::uint64_t ahead);
    /// How much is read at once at most, but for a page run that is longer.
    std::uint64_t capacity() const { return capacity_; }

 private:
    Result<void> fill(std::uint64_t offset, std::uint64_t size);

    const bbolt::Database& db_;
    int fd_;
    Access access_;
    std::uint64_t capacity_;
    std::unique_ptr<char[]> buffer_;
    std::uint64_t buffer_size_;
    std::uint64_t begin_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace salvor::upstream
