#include "core/upstream/page_window.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace salvor::upstream {
namespace {

// Half of a small second-level cache; with less the system calls show.
constexpr std::uint64_t usual_capacity = std::uint64_t{128} << 10;
constexpr std::uint64_t largest_run = std::uint64_t{4} << 20;  // above, the map will do

}  // namespace

PageWindow::PageWindow(const bbolt::Database& db, int fd, Access access)
    : db_(db),
      fd_(fd),
      access_(access),
      capacity_(std::max<std::uint64_t>(usual_capacity, 2 * db.page_size())),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_)),
      buffer_size_(capacity_) {}

Result<bbolt::PageView> PageWindow::page(bbolt::PageId id, std::uint64_t ahead) {
    const std::uint64_t size = db_.page_size();
    if (access_ == Access::mapped) return db_.page(id);
    if (bbolt::number(id) >= db_.page_count()) return db_.page(id);  // says what is wrong
    const std::uint64_t at = bbolt::number(id) * size;
    if (!holds(at, size)) {
        const std::uint64_t whole = db_.page_count() * size;
        SALVOR_CHECK(fill(at, std::clamp(std::min(ahead, whole) - at, size, capacity_)));
    }
    const auto header = bbolt::PageHeader::load(buffer_.get() + (at - begin_));
    const std::uint64_t run = (std::uint64_t{header.overflow} + 1) * size;
    const bool fits = std::uint64_t{header.overflow} < db_.page_count() - bbolt::number(id);
    if (header.id != id || !fits || run > largest_run) return db_.page(id);
    if (!holds(at, run)) SALVOR_CHECK(fill(at, run));
    auto page = bbolt::PageView::check({buffer_.get() + (at - begin_), run}, at);
    if (!page) return std::unexpected(bbolt::as_error(page.error()));
    return *page;
}

Result<void> PageWindow::fill(std::uint64_t offset, std::uint64_t size) {
    if (size > buffer_size_) {
        buffer_ = std::make_unique_for_overwrite<char[]>(size);
        buffer_size_ = size;
    }
    begin_ = end_ = offset;
    while (end_ - begin_ < size) {
        const auto got = ::pread(fd_, buffer_.get() + (end_ - begin_), size - (end_ - begin_),
                                 static_cast<off_t>(end_));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ErrorCode::io, "byte {} of the file could not be read", end_);
        if (got == 0)
            return fail(ErrorCode::io, "the file ends at byte {} since it was opened", end_);
        end_ += static_cast<std::uint64_t>(got);
    }
    return {};
}

}  // namespace salvor::upstream
