#include "core/recover/entries.hpp"

#include <algorithm>

#include "formats/bbolt/carve/chain.hpp"
#include "formats/bbolt/page_set.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::recover {
namespace {

using bbolt::PageId;
using bbolt::PageType;

class EntryWalk {
 public:
    explicit EntryWalk(const Area& area) : area_(area), visited_(area.blocks()) {}
    void visit(PageId id, std::size_t depth);
    Entries take() { return std::move(out_); }

 private:
    bool is_usable(std::uint64_t offset) const;
    void take_leaf(std::uint64_t offset);
    void descend(std::uint64_t offset, std::size_t depth);

    const Area& area_;
    bbolt::PageSet visited_;
    Entries out_;
};

bool EntryWalk::is_usable(std::uint64_t offset) const {
    const auto image = area_.image();
    if (offset + bbolt::page_header_size > image.size()) return false;
    const auto type = static_cast<PageType>(bbolt::PageHeader::load(image.data() + offset).flags);
    return (type == PageType::leaf || type == PageType::branch) &&
           !visited_.contains(PageId{area_.block_at(offset)});
}

void EntryWalk::visit(PageId id, std::size_t depth) {
    const auto places = area_.places_of(id);
    const auto at = std::find_if(places.begin(), places.end(),
                                 [&](std::uint64_t offset) { return is_usable(offset); });
    if (depth >= bbolt::max_depth || at == places.end()) {
        out_.complete = false;
        const auto own = area_.lay().offset_of(id);
        if (own) out_.marks.push_back({*own, area_.page_size(), 0, Use::lost});
        return;
    }
    visited_.insert(PageId{area_.block_at(*at)});
    const auto header = bbolt::PageHeader::load(area_.image().data() + *at);
    out_.complete = out_.complete && header.id == id;
    if (static_cast<PageType>(header.flags) == PageType::leaf) return take_leaf(*at);
    descend(*at, depth);
}

void EntryWalk::take_leaf(std::uint64_t offset) {
    auto leaf = leaf_entries(area_, offset);
    out_.complete = out_.complete && leaf.complete;
    for (const auto& entry : leaf.found) {
        if (out_.found.empty() || entry.key > out_.found.back().key) {
            out_.found.push_back(entry);
        } else {
            out_.complete = false;
        }
    }
    out_.marks.insert(out_.marks.end(), leaf.marks.begin(), leaf.marks.end());
}

void EntryWalk::descend(std::uint64_t offset, std::size_t depth) {
    const auto image = area_.image();
    const auto chain = bbolt::chain_at(image, offset, PageType::branch);
    if (!chain) {
        out_.complete = false;
        out_.marks.push_back({offset, area_.page_size(), 0, Use::lost});
        return;
    }
    out_.marks.push_back({offset, chain->end, area_.page_size(), Use::used});
    for (std::size_t i = 0; i < chain->count; ++i) {
        const auto at = offset + bbolt::page_header_size + i * bbolt::element_size;
        visit(bbolt::BranchElement::load(image.data() + at).child, depth + 1);
    }
}

}  // namespace

Entries leaf_entries(const Area& area, std::uint64_t offset) {
    Entries out;
    const auto image = area.image();
    if (offset + bbolt::page_header_size > image.size()) {
        out.complete = false;
        return out;
    }
    const auto header = bbolt::PageHeader::load(image.data() + offset);
    const auto chain = bbolt::chain_at(image, offset, PageType::leaf);
    const auto room = (image.size() - offset - bbolt::page_header_size) / bbolt::element_size;
    const auto count = chain ? chain->count : std::min<std::size_t>(header.count, room);
    // What has no elements in order reaches no further than its block.
    const auto phase = area.lay().phase();
    const auto in_block = offset < phase ? 0 : (offset - phase) % area.page_size();
    const std::uint64_t size = chain ? chain->end : area.page_size() - in_block;
    out.complete = chain ? chain->count == header.count : header.count == 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = offset + bbolt::page_header_size + i * bbolt::element_size;
        const auto e = bbolt::LeafElement::load(image.data() + at);
        const auto key_at = at + e.pos;
        if (e.ksize == 0 || e.ksize > bbolt::max_key_size || key_at > image.size() ||
            e.ksize + std::uint64_t{e.vsize} > image.size() - key_at ||
            (!chain && key_at + e.ksize + e.vsize > offset + size)) {
            out.complete = false;
            continue;
        }
        const Entry entry{image.substr(key_at, e.ksize), image.substr(key_at + e.ksize, e.vsize),
                          (e.flags & bbolt::bucket_flag) != 0};
        if (!out.found.empty() && entry.key <= out.found.back().key) {
            out.complete = false;
            continue;
        }
        out.found.push_back(entry);
    }
    out.marks.push_back({offset, size, area.page_size(), Use::used});
    return out;
}

Entries read_entries(const Area& area, const bbolt::Bucket& bucket) {
    if (bucket.is_inline()) return leaf_entries(area, bucket.inline_offset);
    EntryWalk walk(area);
    walk.visit(bucket.root, 0);
    return walk.take();
}

std::optional<bbolt::Bucket> bucket_of(const Area& area, const Entry& entry) {
    if (entry.value.size() < bbolt::bucket_header_size) return {};
    const auto header = bbolt::BucketHeader::load(entry.value.data());
    bbolt::Bucket bucket{header.root, header.sequence, {}, 0};
    if (bucket.is_inline()) {
        bucket.inline_page = entry.value.substr(bbolt::bucket_header_size);
        bucket.inline_offset =
            static_cast<std::uint64_t>(bucket.inline_page.data() - area.image().data());
    }
    return bucket;
}

}  // namespace salvor::recover
