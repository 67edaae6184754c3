#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "formats/bbolt/layout.hpp"

namespace salvor::bbolt {

/// A set of page ids below a bound, a bit each. An id at or beyond the bound is never in it.
class PageSet {
 public:
    explicit PageSet(std::uint64_t bound = 0) : words_((bound + 63) / 64), bound_(bound) {}

    std::uint64_t bound() const { return bound_; }
    bool contains(PageId id) const {
        return number(id) < bound_ && (words_[number(id) / 64] >> (number(id) % 64) & 1) != 0;
    }
    /// False where it was there already, or is beyond the bound.
    bool insert(PageId id) {
        if (number(id) >= bound_) return false;
        auto& word = words_[number(id) / 64];
        const auto bit = std::uint64_t{1} << (number(id) % 64);
        const bool is_new = (word & bit) == 0;
        word |= bit;
        return is_new;
    }
    std::uint64_t count() const {
        std::uint64_t found = 0;
        for (const auto word : words_) found += static_cast<std::uint64_t>(std::popcount(word));
        return found;
    }

 private:
    std::vector<std::uint64_t> words_;
    std::uint64_t bound_;
};

}  // namespace salvor::bbolt
