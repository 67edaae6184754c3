#include "core/verify/revision/key_table.hpp"

#include <random>

namespace salvor::verify {
namespace {

/// Both halves of a 128-bit product, folded: each bit of the result hangs on all bits of both
/// factors.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2^64 divided by the golden ratio

}  // namespace

KeyTable::KeyTable() {
    std::random_device random;
    secret_ = std::uint64_t{random()} << 32 | random();
}

std::uint64_t KeyTable::hash(Bytes key) const {
    std::uint64_t state = fold(secret_ ^ key.size(), odd);
    while (key.size() >= 8) {
        state = fold(state ^ load_le<std::uint64_t>(key.data()), secret_ ^ odd);
        key.remove_prefix(8);
    }
    char rest[8] = {};
    std::memcpy(rest, key.data(), key.size());
    return fold(state ^ load_le<std::uint64_t>(rest), secret_ ^ odd);
}

void KeyTable::grow(Part& part) {
    std::vector<Slot> old(part.slots.size() * 3 / 2);
    old.swap(part.slots);
    for (const auto& slot : old) {
        if (slot.flags == 0) continue;
        std::size_t at = home(part, slot.hash);
        while (part.slots[at].flags != 0) at = at + 1 == part.slots.size() ? 0 : at + 1;
        part.slots[at] = slot;
    }
}

}  // namespace salvor::verify
