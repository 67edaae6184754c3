#include "formats/bbolt/page.hpp"

#include <fmt/core.h>

namespace salvor::bbolt {
namespace {

Problem problem(const char* check, std::uint64_t offset, PageId page, std::string message) {
    Place place;
    place.offset = offset;
    place.page = number(page);
    return {check, std::move(place), std::move(message)};
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

std::expected<PageView, Problem> PageView::frame(Bytes run, std::uint64_t offset) {
    PageView page;
    page.run_ = run;
    page.offset_ = offset;
    page.header_ = PageHeader::load(run.data());
    const auto& header = page.header_;
    if (!known(header.flags)) {
        return std::unexpected(problem("page-type", offset + 8, header.id,
                                       fmt::format("page {}: flags 0x{:04x} are no page type",
                                                   number(header.id), header.flags)));
    }
    if (page.type() == PageType::meta) return page;
    const std::uint64_t slots =
        (run.size() - page_header_size) / (page.type() == PageType::freelist ? 8 : element_size);
    const bool has_long_count =
        page.type() == PageType::freelist && header.count == freelist_long_count;
    if (has_long_count && slots == 0) {
        return std::unexpected(
            problem("page-count", offset + 10, header.id,
                    fmt::format("page {}: no room for its long count", number(header.id))));
    }
    const std::uint64_t count =
        page.type() == PageType::freelist ? page.freelist_count() : header.count;
    if (count > slots - (has_long_count ? 1 : 0)) {
        return std::unexpected(problem("page-count", offset + 10, header.id,
                                       fmt::format("page {}: count {} does not fit in {} bytes",
                                                   number(header.id), count, run.size())));
    }
    return page;
}

std::expected<PageView, Problem> PageView::check(Bytes run, std::uint64_t offset) {
    auto page = frame(run, offset);
    if (!page || (page->type() != PageType::branch && page->type() != PageType::leaf)) return page;
    for (std::size_t i = 0; i < page->count(); ++i) {
        if (!page->fits(i)) return std::unexpected(page->misfit(i));
    }
    return page;
}

PageView::Extent PageView::extent(std::size_t i) const {
    if (type() == PageType::branch) {
        const auto e = branch_element(i);
        return {e.pos, e.ksize, 0};
    }
    const auto e = leaf_element(i);
    return {e.pos, e.ksize, e.vsize};
}

bool PageView::fits(std::size_t i) const {
    return extent(i).end() <= left_behind(i);
}

Problem PageView::misfit(std::size_t i) const {
    const auto e = extent(i);
    return problem(
        "element-bounds", element_offset(i), id(),
        fmt::format("page {}: element {} ends {} bytes beyond its page run of {} bytes (pos {}, "
                    "ksize {}, vsize {})",
                    number(id()), i, e.end() - left_behind(i), run_.size(), e.pos, e.ksize,
                    e.vsize));
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
    return header_.count == freelist_long_count
               ? load_le<std::uint64_t>(run_.data() + page_header_size)
               : header_.count;
}

PageId PageView::freelist_id(std::uint64_t i) const {
    return PageId{
        load_le<std::uint64_t>(run_.data() + page_header_size + (first_freelist_id() + i) * 8)};
}

std::uint64_t PageView::freelist_id_offset(std::uint64_t i) const {
    return offset_ + page_header_size + (first_freelist_id() + i) * 8;
}

}  // namespace salvor::bbolt
