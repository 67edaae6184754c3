#pragma once

#include <optional>
#include <vector>

#include "core/timeline/rows.hpp"
#include "formats/base/zeroed_array.hpp"

namespace salvor::timeline {

/// From a user key to the row that is noted of it. Nothing of the key is kept but bits of its hash:
/// keys are compared where they are stored. 8 bytes a slot, at most 18.3 a key. The hash has a seed
/// of this process, so a file cannot be made whose keys collide.
class KeyTable {
 public:
    struct Note {
        RowPosition row{};
        bool live = false;  ///< the caller's to say: a put, no tombstone
    };
    /// An image that is too large for a slot; it has 40 bits for a position.
    static constexpr std::uint64_t max_image = std::uint64_t{1} << 40;

    /// Error: too_large.
    static Result<KeyTable> over(const bbolt::Database& db);

    class Place;
    /// What is noted of a key, and the place to note it anew; it makes room for one more.
    Place find(Bytes key);
    /// What is noted of a key.
    std::optional<Note> look_up(Bytes key) const;

    std::size_t size() const;
    bool any_live() const;
    /// Hands over all notes, in no order, and is empty afterwards; memory is given back as it goes.
    template <class Take>
    void drain(Take&& take) {
        for (auto& shard : shards_) {
            for (const auto slot : shard.slots) {
                if (slot != 0) take(note_of(slot));
            }
            shard = Shard{};
        }
    }

 private:
    // A slot: 23 bits of the hash, live, 40 bits of the position; 0: free.
    static constexpr std::uint64_t position_mask = max_image - 1;
    static constexpr std::uint64_t live_bit = max_image;
    static constexpr std::uint64_t tag_mask = ~(live_bit | position_mask);
    // Each shard grows by itself, so that old and new are never both there for all keys; and what
    // is old goes back to the kernel, since the heap would keep it.
    static constexpr std::size_t shard_count = 256;
    struct Shard {
        ZeroedArray<std::uint64_t> slots;
        std::size_t used = 0;
    };

    explicit KeyTable(const bbolt::Database& db) : db_(&db), shards_(shard_count) {}
    static Note note_of(std::uint64_t slot) {
        return {RowPosition{slot & position_mask}, (slot & live_bit) != 0};
    }
    static void grow(Shard& shard);
    /// The slot that holds the key, or the free one where it would stand.
    std::size_t probe(const Shard& shard, std::uint64_t hash, Bytes key) const;
    bool holds(std::uint64_t slot, Bytes key) const;

    const bbolt::Database* db_;
    std::vector<Shard> shards_;
};

/// Valid until the next find().
class KeyTable::Place {
 public:
    std::optional<Note> note() const {
        return *slot_ == 0 ? std::nullopt : std::optional(note_of(*slot_));
    }
    /// The row must be one of the key that this place was found by.
    void put(const Note& note) {
        if (*slot_ == 0) ++shard_->used;
        *slot_ = tag_ | (note.live ? live_bit : 0) | number(note.row);
    }

 private:
    friend class KeyTable;
    Place(Shard& shard, std::size_t slot, std::uint64_t tag)
        : shard_(&shard), slot_(&shard.slots[slot]), tag_(tag) {}
    Shard* shard_;
    std::uint64_t* slot_;
    std::uint64_t tag_;
};

}  // namespace salvor::timeline
