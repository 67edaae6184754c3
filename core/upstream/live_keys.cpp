#include "core/upstream/live_keys.hpp"

#include <sys/random.h>

#include <algorithm>

#include "core/upstream/row_value.hpp"
#include "formats/bbolt/layout.hpp"

namespace salvor::upstream {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
constexpr std::uint64_t live_mark = std::uint64_t{1} << 63;
constexpr std::size_t first_size = std::size_t{1} << 12;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide wide = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(wide) ^ static_cast<std::uint64_t>(wide >> 64);
}

std::uint64_t random_seed() {
    std::uint64_t seed = 0;
    return ::getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed ? seed : odd;
}

}  // namespace

LiveKeys::LiveKeys(Bytes image, etcd::Line line)
    : image_(image), line_(line), seed_(random_seed()), places_(first_size), hashes_(first_size) {}

std::uint32_t LiveKeys::hash(Bytes key) const {
    std::uint64_t state = fold(key.size() ^ odd, seed_ | 1);
    while (key.size() >= 8) {
        state = fold(state ^ load_le<std::uint64_t>(key.data()), seed_ ^ odd);
        key.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, key.data(), key.size());
    return static_cast<std::uint32_t>(fold(state ^ rest, seed_ ^ odd) >> 32);
}

// Spreads by the high bits, so the size need not be a power of two.
std::size_t LiveKeys::home(std::uint32_t hash) const {
    return static_cast<std::size_t>((static_cast<Wide>(hash) * places_.size()) >> 32);
}

Bytes LiveKeys::key_at(std::size_t slot) const {
    const char* at = image_.data() + (places_[slot] & ~live_mark) - 1;
    const auto element = bbolt::LeafElement::load(at);
    return row_user_key({at + element.pos + element.ksize, element.vsize}, line_).value_or(Bytes{});
}

std::size_t LiveKeys::find(Bytes key, std::uint32_t hash) const {
    std::size_t slot = home(hash);
    while (places_[slot] != 0 && !(hashes_[slot] == hash && key_at(slot) == key))
        slot = after(slot);
    return slot;
}

void LiveKeys::grow() {
    auto places = std::move(places_);
    auto hashes = std::move(hashes_);
    places_.assign(places.size() * 3 / 2, 0);
    hashes_.assign(places_.size(), 0);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] == 0) continue;
        std::size_t slot = home(hashes[i]);
        while (places_[slot] != 0) slot = after(slot);
        places_[slot] = places[i];
        hashes_[slot] = hashes[i];
    }
}

void LiveKeys::put(Bytes user_key, std::uint64_t element) {
    const std::uint32_t key_hash = hash(user_key);
    const std::size_t slot = find(user_key, key_hash);
    if ((places_[slot] & live_mark) != 0) return;
    ++live_;
    if (places_[slot] != 0) {
        places_[slot] |= live_mark;
        return;
    }
    places_[slot] = (element + 1) | live_mark;
    hashes_[slot] = key_hash;
    // Between half and four fifths full: 15 to 23 bytes a key.
    if (++used_ > places_.size() / 5 * 4) grow();
}

void LiveKeys::remove(Bytes user_key) {
    const std::size_t slot = find(user_key, hash(user_key));
    if ((places_[slot] & live_mark) == 0) return;
    places_[slot] &= ~live_mark;
    --live_;
}

}  // namespace salvor::upstream
