#pragma once

#include <optional>

#include "formats/bbolt/tree_place.hpp"

namespace salvor::bbolt {

/// The keys that may stand below a branch element.
struct KeyRange {
    std::optional<Bytes> low;   ///< its own key, inclusive
    std::optional<Bytes> high;  ///< the next one's, exclusive
};

/// The part of the check that looks at one page's elements, in their order: their bounds, packing
/// and keys.
class PageCheck {
 public:
    PageCheck(const TreePlace& place, const PageView& page, const KeyRange& range);

    /// Whether the element lies within the page, so that it can be read.
    bool element(std::size_t i);
    /// After the last element: what follows its data.
    void slack(std::size_t page_size) const;

    bool bounds_sound() const { return bounds_sound_; }
    /// Behind the last element's data, from the page's start.
    std::uint64_t end() const { return packed_end_; }

 private:
    void packing(std::size_t i, Bytes data);
    void key(std::size_t i, Bytes key);

    const TreePlace& place_;
    const PageView& page_;
    const KeyRange& range_;
    std::uint64_t packed_end_;  // where the next key should begin
    std::optional<Bytes> last_key_;
    bool bounds_sound_ = true;
    bool packed_ = true;
    bool in_range_ = true;
};

}  // namespace salvor::bbolt
