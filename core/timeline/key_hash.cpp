#include "core/timeline/key_hash.hpp"

#include <sys/random.h>

#include <array>

namespace salvor::timeline {
namespace {

struct Secret {
    std::uint64_t a, b;
};

/// Of this process: nobody can make keys that meet in one slot.
const Secret& secret() {
    static const Secret drawn = [] {
        Secret s{0x9E3779B97F4A7C15, 0xD1B54A32D192ED03};
        Secret noise{};
        if (getrandom(&noise, sizeof noise, 0) == sizeof noise) s = {s.a ^ noise.a, s.b ^ noise.b};
        return s;
    }();
    return drawn;
}

__extension__ using Wide = unsigned __int128;

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t hash_of(Bytes key) {
    const auto [a, b] = secret();
    std::uint64_t hash = b ^ key.size();
    while (key.size() >= 16) {
        hash = fold(load_le<std::uint64_t>(key.data()) ^ a,
                    load_le<std::uint64_t>(key.data() + 8) ^ hash);
        key.remove_prefix(16);
    }
    std::array<char, 16> rest{};
    if (!key.empty()) std::memcpy(rest.data(), key.data(), key.size());
    hash = fold(load_le<std::uint64_t>(rest.data()) ^ a,
                load_le<std::uint64_t>(rest.data() + 8) ^ hash);
    return fold(hash ^ a, b);
}

}  // namespace salvor::timeline
