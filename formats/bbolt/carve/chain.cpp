#include "formats/bbolt/carve/chain.hpp"

namespace salvor::bbolt {
namespace {

/// Where an element's key begins behind the page's start, and how long key and value are.
struct Extent {
    std::uint64_t start, key_size, value_size;
};

Extent extent_at(const char* page, PageType type, std::size_t i) {
    const auto at = page_header_size + i * element_size;
    if (type == PageType::branch) {
        const auto e = BranchElement::load(page + at);
        return {at + e.pos, e.ksize, 0};
    }
    const auto e = LeafElement::load(page + at);
    return {at + e.pos, e.ksize, e.vsize};
}

}  // namespace

std::optional<Chain> chain_at(Bytes image, std::uint64_t offset, PageType type) {
    if (offset + page_header_size + element_size > image.size()) return {};
    const char* page = image.data() + offset;
    const std::uint64_t room = image.size() - offset;
    const auto first = extent_at(page, type, 0);
    if (first.start > room || first.start % element_size != 0) return {};
    Chain chain{(first.start - page_header_size) / element_size, first.start};
    if (chain.count == 0 || chain.count >= freelist_long_count) return {};
    for (std::size_t i = 0; i < chain.count; ++i) {
        const auto e = extent_at(page, type, i);
        if (e.start != chain.end || e.key_size == 0 || e.key_size > max_key_size) return {};
        chain.end += e.key_size + e.value_size;
        if (chain.end > room) return {};
    }
    return chain;
}

bool is_page_shape(Bytes image, std::uint64_t offset, std::size_t page_size) {
    if (offset + page_header_size + element_size > image.size()) return false;
    const auto header = PageHeader::load(image.data() + offset);
    const auto type = static_cast<PageType>(header.flags);
    if ((type != PageType::leaf && type != PageType::branch) || header.count == 0) return false;
    const auto chain = chain_at(image, offset, type);
    // Early bbolt took a page more than needed where the data ended with a page.
    return chain && chain->count == header.count &&
           (chain->end - 1) / page_size <= header.overflow &&
           chain->end / page_size >= header.overflow;
}

Bytes chain_key(Bytes image, std::uint64_t offset, PageType type, std::size_t i) {
    const auto e = extent_at(image.data() + offset, type, i);
    return image.substr(offset + e.start, e.key_size);
}

}  // namespace salvor::bbolt
