#pragma once

#include <cstdint>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::upstream {

/// A user key's place in the set: 95 bits of a hash that is seeded anew in each run, so that no
/// file can be made to collide. Two of ten million keys are taken for one with a probability below
/// 10^-14.
struct KeyMark {
    std::uint64_t high;
    std::uint32_t low;  ///< 31 bits
};

/// What a row of the `key` bucket does to its user key.
struct KeyChange {
    KeyMark mark;
    bool tombstone;
};

/// Which user keys are live after the rows so far. The keys themselves are not looked at again,
/// which would mean a page fault for each row that is an update. 12 bytes a slot: at most
/// 23 a key, and 38 while it grows, for the old slots are there as well.
class LiveKeys {
 public:
    /// `expected`: a guess at the number of keys.
    explicit LiveKeys(std::uint64_t expected);
    /// May be asked from any thread.
    KeyMark mark(Bytes user_key) const;
    /// In file order.
    void apply(const std::vector<KeyChange>& changes);
    std::uint64_t count() const { return live_; }

 private:
    std::size_t home(std::uint64_t high) const;
    std::size_t after(std::size_t slot) const { return slot + 1 == high_.size() ? 0 : slot + 1; }
    void apply(const KeyChange& change);
    void grow();

    std::uint64_t seeds_[2];
    std::uint64_t live_ = 0;
    std::size_t used_ = 0;
    std::vector<std::uint64_t> high_;  ///< 0: empty
    std::vector<std::uint32_t> low_;   ///< with the live mark in bit 31
};

}  // namespace salvor::upstream
