#pragma once

#include <vector>

#include "core/recover/area.hpp"
#include "core/recover/row.hpp"

namespace salvor::recover {

/// What can be read of a page of the `key` bucket.
struct LeafReading {
    bool sound = false;          ///< as bbolt wrote it, and every row agrees with itself
    std::vector<FoundRow> rows;  ///< ascending
    std::vector<Gap> gaps;       ///< between them; those of the page's ends reach to low and high
    bool shapeless = false;      ///< its elements tell nothing: any number of rows may be missing
    std::uint64_t size = 0;      ///< whole pages
    std::vector<Area::Span> unread;  ///< of it, where not all is zero
    std::size_t bytes_read = 0;      ///< header, elements, keys and values that were made out
};

/// Reads what stands at `offset` as a leaf, however damaged. Rows outside [low, high) are left out.
LeafReading read_leaf(const Area& area, std::uint64_t offset, etcd::Revision low,
                      etcd::Revision high);

/// Whether a sector of the value was zeroed: zeros from one sector's beginning to another's end
/// where other bytes stand before and behind.
bool has_zeroed_sector(Bytes image, std::uint64_t offset, std::uint64_t size);

/// Whether the bytes are a row's own: no sector of them was zeroed, and no other page stands in
/// them.
bool is_one_piece(const Area& area, std::uint64_t from, std::uint64_t to);

/// Calls each(row) for every row of a page that read_leaf() called sound.
template <class Each>
void for_each_sound_row(Bytes image, std::uint64_t offset, Each&& each) {
    const auto count = bbolt::PageHeader::load(image.data() + offset).count;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = offset + bbolt::page_header_size + i * bbolt::element_size;
        const auto e = bbolt::LeafElement::load(image.data() + at);
        const auto key = etcd::parse_row_key(image.substr(at + e.pos, e.ksize));
        each(FoundRow{key->revision, at + e.pos + e.ksize, e.vsize, key->tombstone});
    }
}

}  // namespace salvor::recover
