#pragma once

#include <cstdint>
#include <cstring>

#include "formats/base/bytes.hpp"

// Short texts copied without a call, and texts that JSON takes as they are told from others while
// they are copied.

namespace salvor::text {

/// As memcpy; of 32 bytes at most it is two moves. Returns where it ended.
inline char* copy_short(char* to, const char* from, std::size_t size) {
    const auto both_ends = [&](std::size_t half) {
        std::memcpy(to, from, half);
        std::memcpy(to + size - half, from + size - half, half);
    };
    if (size > 32) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        char first[16], last[16];
        std::memcpy(first, from, 16);
        std::memcpy(last, from + size - 16, 16);
        std::memcpy(to, first, 16);
        std::memcpy(to + size - 16, last, 16);
    } else if (size >= 8) {
        both_ends(8);
    } else if (size >= 4) {
        both_ends(4);
    } else {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
    return to + size;
}

namespace detail {

/// Which bytes of a vector do not stand for themselves in Go's JSON: controls, what is beyond
/// ASCII, quotes, backslashes, <, > and &. As signed numbers the first two are below a space; of
/// the others two pairs differ in one bit.
template <class Lanes>
auto special_lanes(const Lanes& c) {
    return (c < 0x20) | ((c | 4) == 0x26) | ((c | 2) == 0x3E) | (c == 0x5C);
}
using Eight = signed char __attribute__((vector_size(8)));
using Sixteen = signed char __attribute__((vector_size(16)));

template <class Lanes>
std::uint64_t copy_lanes(char* to, const char* from) {
    Lanes c;
    std::memcpy(&c, from, sizeof c);
    std::memcpy(to, &c, sizeof c);
    const auto special = special_lanes(c);
    std::uint64_t words[sizeof(Lanes) / 8];
    std::memcpy(words, &special, sizeof words);
    return sizeof(Lanes) == 8 ? words[0] : words[0] | words[sizeof(Lanes) / 8 - 1];
}

}  // namespace detail

/// Copies a text and says whether all its bytes stand for themselves in Go's JSON.
inline bool copy_verbatim(char* to, Bytes text) {
    const char* from = text.data();
    const std::size_t size = text.size();
    std::uint64_t special = 0;
    if (size >= 16) {
        std::size_t at = 0;
        for (; at + 16 <= size; at += 16)
            special |= detail::copy_lanes<detail::Sixteen>(to + at, from + at);
        return (special | detail::copy_lanes<detail::Sixteen>(to + size - 16, from + size - 16)) ==
               0;
    }
    if (size >= 8) {
        special = detail::copy_lanes<detail::Eight>(to, from);
        return (special | detail::copy_lanes<detail::Eight>(to + size - 8, from + size - 8)) == 0;
    }
    char padded[8];
    std::memset(padded, ' ', sizeof padded);
    copy_short(padded, from, size);
    char copied[8];
    special = detail::copy_lanes<detail::Eight>(copied, padded);
    copy_short(to, copied, size);
    return special == 0;
}

}  // namespace salvor::text
