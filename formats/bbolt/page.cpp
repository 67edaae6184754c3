#include "formats/bbolt/page.hpp"

#include <fmt/format.h>

namespace salvor::bbolt {
namespace {

template <class... Args>
std::unexpected<Problem> problem(const char* check, std::uint64_t offset, PageId page,
                                 fmt::format_string<Args...> text, Args&&... args) {
    Place place;
    place.offset = offset;
    place.page = number(page);
    return std::unexpected(Problem{check, std::move(place), fmt::format(text, std::forward<Args>(args)...)});
}

bool known(std::uint16_t flags) {
    switch (static_cast<PageType>(flags)) {
        case PageType::branch:
        case PageType::leaf:
        case PageType::meta:
        case PageType::freelist: return true;
    }
    return false;
}

}  // namespace

std::expected<PageView, Problem> PageView::check(Bytes run, std::uint64_t offset, const char* file_end,
                                                 Reach reach) {
    PageView page;
    page.run_ = run;
    page.offset_ = offset;
    page.header_ = PageHeader::load(run.data());
    const auto& header = page.header_;
    if (!known(header.flags)) {
        return problem("page-type", offset + 8, header.id, "page {}: flags 0x{:04x} are no page type",
                       number(header.id), header.flags);
    }
    if (page.type() == PageType::meta) return page;
    const std::uint64_t room = run.size() - page_header_size;
    if (page.type() == PageType::freelist) {
        const bool is_long = header.count == freelist_long_count;
        if ((is_long && room < 8) || page.freelist_count() > (room - (is_long ? 8 : 0)) / 8) {
            return problem("page-count", offset + 10, header.id,
                           "freelist page {}: its count does not fit in {} bytes", number(header.id),
                           run.size());
        }
        return page;
    }
    if (header.count > room / element_size) {
        return problem("page-count", offset + 10, header.id, "page {}: count {} does not fit in {} bytes",
                       number(header.id), header.count, run.size());
    }
    const bool is_leaf = page.type() == PageType::leaf;
    const char* end = reach == Reach::file ? file_end : run.data() + run.size();
    for (std::size_t i = 0; i < page.count(); ++i) {
        const char* at = page.element(i);
        std::uint64_t pos, ksize, vsize = 0;
        if (is_leaf) {
            const auto e = LeafElement::load(at);
            pos = e.pos, ksize = e.ksize, vsize = e.vsize;
        } else {
            const auto e = BranchElement::load(at);
            pos = e.pos, ksize = e.ksize;
        }
        const auto left = static_cast<std::uint64_t>(end - at);
        if (pos + ksize + vsize > left) {
            return problem("element-bounds", page.element_offset(i), header.id,
                           "page {}: element {} ends {} bytes beyond its page run (pos {}, ksize {}, vsize {})",
                           number(header.id), i, pos + ksize + vsize - left, pos, ksize, vsize);
        }
        if (is_leaf && page.leaf(i).is_bucket && vsize < bucket_header_size) {
            return problem("bucket-header", page.element_offset(i), header.id,
                           "page {}: element {} is a bucket of {} bytes, its header alone needs {}",
                           number(header.id), i, vsize, bucket_header_size);
        }
    }
    return page;
}

std::size_t PageView::lower_bound(Bytes wanted) const {
    std::size_t low = 0, high = count();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (key(middle) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::uint64_t PageView::freelist_count() const {
    return header_.count == freelist_long_count ? load_le<std::uint64_t>(run_.data() + page_header_size)
                                                : header_.count;
}

PageId PageView::freelist_id(std::uint64_t i) const {
    const std::size_t first = header_.count == freelist_long_count ? 1 : 0;
    return PageId{load_le<std::uint64_t>(run_.data() + page_header_size + (first + i) * 8)};
}

}  // namespace salvor::bbolt
