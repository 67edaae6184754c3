#pragma once

#include <optional>
#include <span>
#include <vector>

#include "formats/bbolt/layout.hpp"

// One look at all of a file, or at a piece of a disk that has no metas: where pages lie in it.

namespace salvor::bbolt {

/// How pages lie: page N begins at base + N * page_size. Of a database file the base is 0; a piece
/// of a disk may begin before it, or within it.
struct Lay {
    std::size_t page_size = 4096;
    std::int64_t base = 0;
    /// The first place in the file at which a page may begin.
    std::uint64_t phase() const {
        const auto size = static_cast<std::int64_t>(page_size);
        return static_cast<std::uint64_t>((base % size + size) % size);
    }
    /// nullopt: before the file's beginning.
    std::optional<std::uint64_t> offset_of(PageId id) const;
    /// Whose place it is; nullopt: before page 0.
    std::optional<PageId> id_at(std::uint64_t offset) const;
};

/// As a valid meta says, where the root that it names is there; else as most pages lie, which are
/// looked for at every sector. nullopt: no page is found.
std::optional<Lay> find_lay(Bytes image);

/// A leaf or a branch that is whole by its shape.
struct Sighting {
    PageId id;
    std::uint64_t offset;
    PageType type;
};
/// All of them, by id, then offset. 24 bytes of memory each.
std::vector<Sighting> scan_pages(Bytes image, const Lay& lay);
/// Those that bear this id.
std::span<const Sighting> sightings_of(const std::vector<Sighting>& pages, PageId id);

}  // namespace salvor::bbolt
