#pragma once

#include <optional>

#include "formats/bbolt/layout.hpp"

// Pages told by their own bytes. bbolt packs a page: the first key begins behind the element array,
// each further one where the value before it ends. So an array of elements gives itself away, and
// tells its count, whatever the header says and wherever it lies.

namespace salvor::bbolt {

/// An element array whose keys and values follow each other without a gap.
struct Chain {
    std::size_t count = 0;
    std::uint64_t end = 0;  ///< behind the last value, from the page's start
};

/// The chain of a leaf or a branch that begins at `offset`; nullopt where there is none. Of an
/// empty page there is none either.
std::optional<Chain> chain_at(Bytes image, std::uint64_t offset, PageType type);

/// Whether header and chain agree: a page as bbolt writes it, but for its id.
bool is_page_shape(Bytes image, std::uint64_t offset, std::size_t page_size);

/// The key of element i of a chain.
Bytes chain_key(Bytes image, std::uint64_t offset, PageType type, std::size_t i);

}  // namespace salvor::bbolt
