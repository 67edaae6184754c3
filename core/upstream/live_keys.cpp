#include "core/upstream/live_keys.hpp"

#include <sys/random.h>

#include <algorithm>
#include <utility>

namespace salvor::upstream {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
constexpr std::uint32_t live_mark = std::uint32_t{1} << 31;
constexpr std::uint64_t least_size = 512;              // of a shard: a page
constexpr std::uint64_t largest_first_size = 1 << 13;  // of a shard: 6 MB in all
constexpr std::size_t prefetch_distance = 16;          // changes; about the latency of memory

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide wide = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(wide) ^ static_cast<std::uint64_t>(wide >> 64);
}

}  // namespace

LiveKeys::LiveKeys(std::uint64_t expected) : seeds_{odd, ~odd} {
    const auto size = std::clamp(expected / shards_.size() * 3 / 2, least_size, largest_first_size);
    for (auto& shard : shards_) {
        shard.high = ZeroedArray<std::uint64_t>(size);
        shard.low = ZeroedArray<std::uint32_t>(size);
    }
    // Without randomness the set is as right, but a file could be made to fill one place of it.
    if (::getrandom(seeds_, sizeof seeds_, GRND_NONBLOCK) != sizeof seeds_) seeds_[0] = odd;
}

KeyChange LiveKeys::change(Bytes user_key, bool tombstone) const {
    std::uint64_t one = seeds_[0] ^ user_key.size(), two = seeds_[1];
    while (!user_key.empty()) {
        std::uint64_t word = 0;
        const auto size = std::min<std::size_t>(user_key.size(), sizeof word);
        std::memcpy(&word, user_key.data(), size);
        one = fold(one ^ word, seeds_[1] | 1);
        two = fold(two + word, seeds_[0] | 1) + one;
        user_key.remove_prefix(size);
    }
    const std::uint64_t high = fold(one ^ two, odd);
    return {high == 0 ? 1 : high, static_cast<std::uint32_t>(fold(two, ~odd) >> 33) & ~live_mark,
            tombstone};
}

// Spreads by the high bits behind those of the shard, so the size need not be a power of two.
std::size_t LiveKeys::Shard::home(std::uint64_t mark) const {
    return static_cast<std::size_t>((static_cast<Wide>(mark << shard_bits) * high.size()) >> 64);
}

void LiveKeys::Shard::grow() {
    const auto old_high = std::exchange(high, ZeroedArray<std::uint64_t>(high.size() * 3 / 2));
    const auto old_low = std::exchange(low, ZeroedArray<std::uint32_t>(high.size()));
    for (std::size_t i = 0; i < old_high.size(); ++i) {
        if (old_high[i] == 0) continue;
        std::size_t slot = home(old_high[i]);
        while (high[slot] != 0) slot = after(slot);
        high[slot] = old_high[i];
        low[slot] = old_low[i];
    }
}

void LiveKeys::apply(const std::vector<KeyChange>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& ahead = changes[std::min(i + prefetch_distance, changes.size() - 1)];
        const auto& shard = shard_of(ahead);
        __builtin_prefetch(&shard.high[shard.home(ahead.high)]);
        apply(changes[i]);
    }
}

void LiveKeys::apply(const KeyChange& change) {
    auto& shard = shard_of(change);
    std::size_t slot = shard.home(change.high);
    while (shard.high[slot] != 0 &&
           (shard.high[slot] != change.high || (shard.low[slot] & ~live_mark) != change.low)) {
        slot = shard.after(slot);
    }
    const bool is_known = shard.high[slot] != 0;
    const bool was_live = is_known && (shard.low[slot] & live_mark) != 0;
    if (was_live != (change.tombstone != 0)) return;  // already as it is to be
    was_live ? --live_ : ++live_;
    if (is_known) {
        shard.low[slot] ^= live_mark;
        return;
    }
    shard.high[slot] = change.high;
    shard.low[slot] = change.low | live_mark;
    // Between 53 and 80 hundredths full: 15 to 23 bytes a key.
    if (++shard.used > shard.high.size() / 5 * 4) shard.grow();
}

}  // namespace salvor::upstream
