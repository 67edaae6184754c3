#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/zeroed_array.hpp"

namespace salvor::upstream {

/// What a row of the `key` bucket does to its user key. The key is 95 bits of a hash that is seeded
/// anew in each run, so that no file can be made to collide. Two of ten million keys are taken for
/// one with a probability below 10^-14.
struct KeyChange {
    std::uint64_t high;
    std::uint32_t low : 31;
    std::uint32_t tombstone : 1;
};

/// Which user keys are live after the rows so far. The keys themselves are not looked at again,
/// which would mean a page fault for each row that is an update. 12 bytes a slot, at most 23 a key:
/// it grows shard by shard, so that old and new slots are never both there for all keys.
class LiveKeys {
 public:
    /// `expected`: a guess at the number of keys.
    explicit LiveKeys(std::uint64_t expected);
    /// May be asked from any thread.
    KeyChange change(Bytes user_key, bool tombstone) const;
    /// In file order.
    void apply(const std::vector<KeyChange>& changes);
    void apply(const KeyChange& change);
    std::uint64_t count() const { return live_; }

 private:
    static constexpr int shard_bits = 6;
    struct Shard {
        ZeroedArray<std::uint64_t> high;  ///< 0: empty
        ZeroedArray<std::uint32_t> low;   ///< with the live mark in bit 31
        std::size_t used = 0;

        std::size_t home(std::uint64_t mark) const;
        std::size_t after(std::size_t slot) const { return slot + 1 == high.size() ? 0 : slot + 1; }
        void grow();
    };
    Shard& shard_of(const KeyChange& change) { return shards_[change.high >> (64 - shard_bits)]; }

    std::uint64_t seeds_[2];
    std::uint64_t live_ = 0;
    std::array<Shard, 1 << shard_bits> shards_;
};

}  // namespace salvor::upstream
