#include "formats/bbolt/carve/scan.hpp"

#include <algorithm>

#include "formats/bbolt/carve/chain.hpp"
#include "formats/bbolt/database.hpp"

namespace salvor::bbolt {
namespace {

constexpr std::uint64_t sector = 512;
/// So many pages are enough to tell how all lie.
constexpr std::size_t enough_votes = 65536;

/// Whether the root that the meta names stands where this lay has it.
bool has_root(Bytes image, const Meta& meta, const Lay& lay) {
    const auto at = lay.offset_of(meta.root);
    if (!at || *at + page_header_size > image.size()) return false;
    return PageHeader::load(image.data() + *at).id == meta.root;
}

std::optional<Lay> lay_of_metas(Bytes image) {
    for (std::size_t size = min_page_size; size <= max_page_size; size *= 2) {
        const Lay lay{size, 0};
        for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{size}}) {
            const auto meta = meta_at(image, at);
            if (meta.valid() && meta.meta.page_size == size && has_root(image, meta.meta, lay))
                return lay;
        }
    }
    return {};
}

/// Pages of any size at any sector, the first ones.
std::vector<Sighting> votes(Bytes image) {
    std::vector<Sighting> found;
    for (std::uint64_t at = 0; at < image.size() && found.size() < enough_votes; at += sector) {
        if (at + page_header_size > image.size()) break;
        const auto header = PageHeader::load(image.data() + at);
        if (number(header.id) > image.size() * max_page_size) continue;
        for (std::size_t size = min_page_size; size <= max_page_size; size *= 2) {
            if (!is_page_shape(image, at, size)) continue;
            found.push_back({header.id, at, static_cast<PageType>(header.flags)});
            break;
        }
    }
    return found;
}

struct Elected {
    std::int64_t base = 0;
    std::size_t votes = 0;
};
Elected elect(const std::vector<Sighting>& pages, std::size_t size) {
    std::vector<std::int64_t> bases;
    bases.reserve(pages.size());
    for (const auto& page : pages) {
        bases.push_back(static_cast<std::int64_t>(page.offset) -
                        static_cast<std::int64_t>(number(page.id) * size));
    }
    std::sort(bases.begin(), bases.end());
    Elected best;
    for (std::size_t i = 0; i < bases.size();) {
        std::size_t end = i;
        while (end < bases.size() && bases[end] == bases[i]) ++end;
        const bool is_better =
            end - i > best.votes || (end - i == best.votes && bases[i] == 0 && best.base != 0);
        if (is_better) best = {bases[i], end - i};
        i = end;
    }
    return best;
}

}  // namespace

std::optional<std::uint64_t> Lay::offset_of(PageId id) const {
    if (number(id) > (std::uint64_t{1} << 62) / page_size) return {};
    const auto at = base + static_cast<std::int64_t>(number(id) * page_size);
    if (at < 0) return {};
    return static_cast<std::uint64_t>(at);
}

std::optional<PageId> Lay::id_at(std::uint64_t offset) const {
    const auto distance = static_cast<std::int64_t>(offset) - base;
    if (distance < 0) return {};
    return PageId{static_cast<std::uint64_t>(distance) / page_size};
}

std::optional<Lay> find_lay(Bytes image) {
    if (const auto lay = lay_of_metas(image)) return lay;
    const auto pages = votes(image);
    std::optional<Lay> best;
    std::size_t most = 0;
    // 4096 first: of what is told as well by several, it is the likeliest.
    for (const std::size_t size : {4096U, 16384U, 65536U, 8192U, 32768U, 2048U, 1024U, 512U}) {
        const auto elected = elect(pages, size);
        if (elected.votes <= most) continue;
        most = elected.votes;
        best = Lay{size, elected.base};
    }
    return best;
}

std::vector<Sighting> scan_pages(Bytes image, const Lay& lay) {
    std::vector<Sighting> found;
    for (std::uint64_t at = lay.phase(); at + page_header_size < image.size();
         at += lay.page_size) {
        if (!is_page_shape(image, at, lay.page_size)) continue;
        const auto header = PageHeader::load(image.data() + at);
        found.push_back({header.id, at, static_cast<PageType>(header.flags)});
    }
    std::sort(found.begin(), found.end(), [](const Sighting& a, const Sighting& b) {
        return a.id != b.id ? a.id < b.id : a.offset < b.offset;
    });
    return found;
}

std::span<const Sighting> sightings_of(const std::vector<Sighting>& pages, PageId id) {
    const auto before = [](const Sighting& page, PageId wanted) { return page.id < wanted; };
    const auto first = std::lower_bound(pages.begin(), pages.end(), id, before);
    auto last = first;
    while (last != pages.end() && last->id == id) ++last;
    return {first, last};
}

}  // namespace salvor::bbolt
