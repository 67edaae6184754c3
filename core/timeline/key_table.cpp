#include "core/timeline/key_table.hpp"

#include <algorithm>

#include "core/timeline/key_hash.hpp"
#include "formats/etcd/key_value.hpp"

namespace salvor::timeline {
namespace {

constexpr std::size_t first_slots = 512;  // a page
constexpr int tag_shift = 41;

}  // namespace

Result<KeyTable> KeyTable::over(const bbolt::Database& db) {
    if (db.image().size() > max_image) {
        return fail(ErrorCode::too_large, "the database has {} bytes; at most {} can be indexed",
                    db.image().size(), max_image);
    }
    return KeyTable(db);
}

bool KeyTable::holds(std::uint64_t slot, Bytes key) const {
    const auto kv = etcd::parse_key_value(entry_at(*db_, note_of(slot).row).value);
    return kv && kv->key == key;
}

std::size_t KeyTable::probe(const Shard& shard, std::uint64_t hash, Bytes key) const {
    const std::size_t mask = shard.slots.size() - 1;
    const std::uint64_t tag = hash & tag_mask;
    std::size_t at = (tag >> tag_shift) & mask;
    while (shard.slots[at] != 0 &&
           ((shard.slots[at] & tag_mask) != tag || !holds(shard.slots[at], key))) {
        at = (at + 1) & mask;
    }
    return at;
}

KeyTable::Place KeyTable::find(Bytes key) {
    const auto hash = hash_of(key);
    auto& shard = shards_[hash % shard_count];
    if (shard.used + 1 > shard.slots.size() / 8 * 7) grow(shard);
    return {shard, probe(shard, hash, key), hash & tag_mask};
}

std::optional<KeyTable::Note> KeyTable::look_up(Bytes key) const {
    const auto hash = hash_of(key);
    const auto& shard = shards_[hash % shard_count];
    if (shard.slots.empty()) return {};
    const auto slot = shard.slots[probe(shard, hash, key)];
    return slot == 0 ? std::nullopt : std::optional(note_of(slot));
}

void KeyTable::grow(Shard& shard) {
    ZeroedArray<std::uint64_t> wider(shard.slots.empty() ? first_slots : shard.slots.size() * 2);
    const std::size_t mask = wider.size() - 1;
    for (const auto slot : shard.slots) {
        if (slot == 0) continue;
        std::size_t at = (slot >> tag_shift) & mask;
        while (wider[at] != 0) at = (at + 1) & mask;
        wider[at] = slot;
    }
    shard.slots = std::move(wider);
}

bool KeyTable::any_live() const {
    return std::any_of(shards_.begin(), shards_.end(), [](const Shard& shard) {
        return std::any_of(shard.slots.begin(), shard.slots.end(),
                           [](std::uint64_t slot) { return (slot & live_bit) != 0; });
    });
}

std::size_t KeyTable::size() const {
    std::size_t keys = 0;
    for (const auto& shard : shards_) keys += shard.used;
    return keys;
}

}  // namespace salvor::timeline
