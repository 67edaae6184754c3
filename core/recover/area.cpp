#include "core/recover/area.hpp"

#include <algorithm>

namespace salvor::recover {
namespace {

// Source: etcd etcdutl/snapshot/v3_snapshot.go hasChecksum
constexpr std::size_t digest_size = 32;
constexpr std::size_t digest_modulus = 512;

}  // namespace

Result<Area> Area::survey(Bytes bytes) {
    const auto lay = bbolt::find_lay(bytes);
    if (!lay) {
        return fail(ErrorCode::malformed,
                    "no page of a bbolt database is in these {} bytes: there is nothing to recover",
                    bytes.size());
    }
    Area area;
    area.lay_ = *lay;
    area.image_ = bytes;
    const auto phase = lay->phase();
    // A file that was cut may happen to have a trailer's length; its pages then do not end there.
    if (bytes.size() % digest_modulus == digest_size && bytes.size() > phase &&
        (bytes.size() - digest_size - phase) % lay->page_size == 0) {
        area.trailer_size_ = digest_size;
        area.image_.remove_suffix(digest_size);
    }
    area.pages_ = bbolt::scan_pages(area.image_, *lay);
    const auto size = area.image_.size();
    area.uses_.resize(size > phase ? (size - phase + lay->page_size - 1) / lay->page_size : 0);
    return area;
}

std::vector<std::uint64_t> Area::places_of(bbolt::PageId id) const {
    std::vector<std::uint64_t> places;
    const auto own = lay_.offset_of(id);
    const bool is_there = own && *own + bbolt::page_header_size < image_.size();
    if (is_there && is_in_place(*own)) places.push_back(*own);
    for (const auto& page : bbolt::sightings_of(pages_, id)) {
        if (page.offset != own) places.push_back(page.offset);
    }
    if (is_there && !is_in_place(*own)) places.push_back(*own);
    return places;
}

bool Area::is_in_place(std::uint64_t offset) const {
    return bbolt::PageHeader::load(image_.data() + offset).id == lay_.id_at(offset);
}

std::uint64_t Area::size_of(std::size_t block) const {
    return std::min<std::uint64_t>(page_size(), image_.size() - offset_of(block));
}

void Area::mark(std::uint64_t offset, std::uint64_t size, Use use) {
    if (size == 0 || offset < lay_.phase() || offset >= image_.size()) return;
    const auto last = block_at(std::min<std::uint64_t>(offset + size, image_.size()) - 1);
    for (auto block = block_at(offset); block <= last; ++block) {
        if (uses_[block] != Use::used) uses_[block] = use;
    }
}

void Area::forget_uses() {
    std::fill(uses_.begin(), uses_.end(), Use::none);
    unread_.clear();
}

}  // namespace salvor::recover
