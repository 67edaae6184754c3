#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::verify {

/// From a user key to its newest row so far, in at most 24 bytes a key: the table keeps where the
/// row's element stands, not the key. It is split into parts that grow one at a time, so that
/// growing costs little more than the part.
class KeyTable {
 public:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t offset_low = 0;
        std::uint16_t offset_high = 0;  ///< 48 bits in all: bbolt maps no more (facts: 256 TiB)
        std::uint16_t flags = 0;        ///< the caller's; 0: empty

        std::uint64_t offset() const { return std::uint64_t{offset_high} << 32 | offset_low; }
        void set(std::uint64_t offset, std::uint16_t new_flags) {
            offset_low = static_cast<std::uint32_t>(offset);
            offset_high = static_cast<std::uint16_t>(offset >> 32);
            flags = new_flags;
        }
    };
    static_assert(sizeof(Slot) == 12);

    KeyTable();
    /// Keyed by a number drawn once a table, so that nobody can prepare keys that collide.
    std::uint64_t hash(Bytes key) const;
    /// The slot of the key with this hash, for which `same(slot)`; else an empty one (flags 0),
    /// which the caller fills before the next call.
    template <class Same>
    Slot& find(std::uint64_t hash, Same&& same) {
        auto& part = parts_[hash >> 56];
        if ((part.used + 1) * load_of >= part.slots.size() * load_to) grow(part);
        const auto wanted = static_cast<std::uint32_t>(hash);
        for (std::size_t at = home(part, wanted);; at = at + 1 == part.slots.size() ? 0 : at + 1) {
            auto& slot = part.slots[at];
            if (slot.flags == 0) {
                slot.hash = wanted;
                ++part.used;
                return slot;
            }
            if (slot.hash == wanted && same(slot)) return slot;
        }
    }
    template <class Each>
    void for_each(Each&& each) const {
        for (const auto& part : parts_) {
            for (const auto& slot : part.slots) {
                if (slot.flags != 0) each(slot);
            }
        }
    }

 private:
    // Full at 7 of 8 slots, then half as many again: from 13.7 to 20.6 bytes a key.
    static constexpr std::size_t load_of = 8, load_to = 7;
    struct Part {
        std::vector<Slot> slots = std::vector<Slot>(16);
        std::size_t used = 0;
    };
    static std::size_t home(const Part& part, std::uint32_t hash) {
        return static_cast<std::size_t>((std::uint64_t{hash} * part.slots.size()) >> 32);
    }
    static void grow(Part& part);

    std::array<Part, 256> parts_;
    std::uint64_t secret_;
};

}  // namespace salvor::verify
