#include "core/query/needles.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace salvor::query {
namespace {

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// How common a byte is in stored objects, roughly: letters of names first, then digits.
int commonness(char c) {
    constexpr std::string_view by_rank = "etaoinsrlcdumpgfhbvky-.:/0123456789xwqjz";
    const auto at = by_rank.find(lower(c));
    if (at == std::string_view::npos) return static_cast<unsigned char>(c) < 0x20 ? 60 : 0;
    return static_cast<int>(by_rank.size() - at) - (c >= 'A' && c <= 'Z' ? 25 : 0);
}

}  // namespace

void Needles::add(std::string text, Letters letters) {
    if (letters == Letters::in_any_case)
        std::transform(text.begin(), text.end(), text.begin(), lower);
    std::vector<std::size_t> places(text.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
        return commonness(text[a]) < commonness(text[b]);
    });
    const auto second = places[places.size() > 1 ? 1 : 0];
    needles_.push_back({std::move(text), letters, places.at(0), second});
}

bool Needles::Needle::stands_at(const char* place) const {
    if (letters == Letters::as_they_are) return std::memcmp(place, text.data(), text.size()) == 0;
    return std::equal(text.begin(), text.end(), place,
                      [](char mine, char theirs) { return mine == lower(theirs); });
}

bool Needles::Needle::stands_in_slowly(Bytes bytes) const {
    if (letters == Letters::as_they_are) return bytes.find(text) != Bytes::npos;
    for (std::size_t i = 0; i + text.size() <= bytes.size(); ++i) {
        if (stands_at(bytes.data() + i)) return true;
    }
    return false;
}

#ifdef __SSE2__

namespace {

/// Sixteen bytes that are compared with one: of a letter in any case with its lower case.
struct Comparison {
    __m128i byte, mask;

    Comparison(char c, bool in_any_case)
        : byte(_mm_set1_epi8(c)), mask(_mm_set1_epi8(in_any_case && is_letter(c) ? 0x20 : 0)) {}
    __m128i operator()(const char* at) const {
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        return _mm_cmpeq_epi8(_mm_or_si128(bytes, mask), byte);
    }
};
constexpr std::size_t step = 16;

}  // namespace

/// One needle through the whole text, then the next: what it is compared with stays in registers.
bool Needles::Needle::stands_in(Bytes bytes) const {
    const bool in_any_case = letters == Letters::in_any_case;
    const Comparison one(text[first], in_any_case), other(text[second], in_any_case);
    const auto places = [&](const char* here) {
        return _mm_and_si128(one(here + first), other(here + second));
    };
    const auto stands_among = [&](const char* here) {
        auto mask = static_cast<unsigned>(_mm_movemask_epi8(places(here)));
        for (; mask != 0; mask &= mask - 1) {
            if (stands_at(here + std::countr_zero(mask))) return true;
        }
        return false;
    };
    // So many places are looked at as have all of the needle and a whole step behind them.
    const char* here = bytes.data();
    const char* const end = here + bytes.size() - text.size() - step;
    for (; here + 3 * step <= end; here += 4 * step) {
        const auto any =
            _mm_or_si128(_mm_or_si128(places(here), places(here + step)),
                         _mm_or_si128(places(here + 2 * step), places(here + 3 * step)));
        if (_mm_movemask_epi8(any) == 0) continue;
        for (std::size_t i = 0; i < 4; ++i) {
            if (stands_among(here + i * step)) return true;
        }
    }
    for (; here <= end; here += step) {
        if (stands_among(here)) return true;
    }
    return stands_in_slowly(bytes.substr(static_cast<std::size_t>(here - bytes.data())));
}

bool Needles::stand_in(Bytes text) const {
    return std::any_of(needles_.begin(), needles_.end(), [&](const Needle& needle) {
        return text.size() < needle.text.size() + step ? needle.stands_in_slowly(text)
                                                       : needle.stands_in(text);
    });
}

#else

bool Needles::stand_in(Bytes text) const {
    return std::any_of(needles_.begin(), needles_.end(),
                       [&](const Needle& needle) { return needle.stands_in_slowly(text); });
}

#endif

}  // namespace salvor::query
