#include "core/upstream/live_keys.hpp"

#include <sys/random.h>

#include <algorithm>

namespace salvor::upstream {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
constexpr std::uint32_t live_mark = std::uint32_t{1} << 31;
constexpr std::uint64_t least_size = 1 << 12;
constexpr std::uint64_t largest_first_size = 1 << 19;  // 6 MB
constexpr std::size_t prefetch_distance = 16;          // changes; about the latency of memory

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide wide = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(wide) ^ static_cast<std::uint64_t>(wide >> 64);
}

}  // namespace

LiveKeys::LiveKeys(std::uint64_t expected)
    : seeds_{odd, ~odd},
      high_(std::clamp(expected * 3 / 2, least_size, largest_first_size)),
      low_(high_.size()) {
    // Without randomness the set is as right, but a file could be made to fill one place of it.
    if (::getrandom(seeds_, sizeof seeds_, GRND_NONBLOCK) != sizeof seeds_) seeds_[0] = odd;
}

KeyMark LiveKeys::mark(Bytes user_key) const {
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
    return {high == 0 ? 1 : high, static_cast<std::uint32_t>(fold(two, ~odd) >> 33)};
}

// Spreads by the high bits, so the size need not be a power of two.
std::size_t LiveKeys::home(std::uint64_t high) const {
    return static_cast<std::size_t>((static_cast<Wide>(high) * high_.size()) >> 64);
}

void LiveKeys::grow() {
    auto high = std::move(high_);
    auto low = std::move(low_);
    high_.assign(high.size() * 3 / 2, 0);
    low_.assign(high_.size(), 0);
    for (std::size_t i = 0; i < high.size(); ++i) {
        if (high[i] == 0) continue;
        std::size_t slot = home(high[i]);
        while (high_[slot] != 0) slot = after(slot);
        high_[slot] = high[i];
        low_[slot] = low[i];
    }
}

void LiveKeys::apply(const std::vector<KeyChange>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const std::size_t ahead = std::min(i + prefetch_distance, changes.size() - 1);
        __builtin_prefetch(&high_[home(changes[ahead].mark.high)]);
        apply(changes[i]);
    }
}

void LiveKeys::apply(const KeyChange& change) {
    const auto& mark = change.mark;
    std::size_t slot = home(mark.high);
    while (high_[slot] != 0 &&
           (high_[slot] != mark.high || (low_[slot] & ~live_mark) != mark.low)) {
        slot = after(slot);
    }
    const bool is_known = high_[slot] != 0;
    const bool was_live = is_known && (low_[slot] & live_mark) != 0;
    if (was_live != change.tombstone) return;  // already as it is to be
    was_live ? --live_ : ++live_;
    if (is_known) {
        low_[slot] ^= live_mark;
        return;
    }
    high_[slot] = mark.high;
    low_[slot] = mark.low | live_mark;
    // Between 53 and 80 hundredths full: 15 to 23 bytes a key; 38 in the midst of this.
    if (++used_ > high_.size() / 5 * 4) grow();
}

}  // namespace salvor::upstream
