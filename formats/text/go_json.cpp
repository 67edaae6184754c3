#include "formats/text/go_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

/// The two base64 digits of each twelve bits.
constexpr auto digit_pairs = [] {
    constexpr Bytes digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::array<char, 2>, 4096> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 6], digits[i & 63]};
    return pairs;
}();

constexpr auto verbatim = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = true;
    for (const unsigned char c : {'"', '\\', '<', '>', '&'}) table[c] = false;
    return table;
}();
bool is_verbatim(char c) {
    return verbatim[static_cast<unsigned char>(c)];
}

/// Whether all bytes of a vector stand for themselves.
template <class Lanes>
bool all_verbatim(const char* at) {
    Lanes c;
    std::memcpy(&c, at, sizeof c);
    const auto special =
        (c < 0x20) | (c >= 0x80) | (c == '"') | (c == '\\') | (c == '<') | (c == '>') | (c == '&');
    std::array<std::uint64_t, sizeof(Lanes) / 8> any{};
    std::memcpy(any.data(), &special, sizeof any);
    return std::all_of(any.begin(), any.end(), [](std::uint64_t word) { return word == 0; });
}
using Eight = unsigned char __attribute__((vector_size(8)));
using Sixteen = unsigned char __attribute__((vector_size(16)));

/// How many of the first bytes stand for themselves: many at a time while all of them do.
std::size_t verbatim_prefix(Bytes text) {
    std::size_t at = 0;
    while (at + sizeof(Sixteen) <= text.size() && all_verbatim<Sixteen>(text.data() + at))
        at += sizeof(Sixteen);
    const auto left = text.size() - at;
    // The last bytes are looked at with some that were before.
    if (left < sizeof(Eight) && text.size() >= sizeof(Eight) &&
        all_verbatim<Eight>(text.data() + text.size() - sizeof(Eight)))
        return text.size();
    if (left >= sizeof(Eight) && left < sizeof(Sixteen) && all_verbatim<Eight>(text.data() + at) &&
        all_verbatim<Eight>(text.data() + text.size() - sizeof(Eight)))
        return text.size();
    while (at < text.size() && is_verbatim(text[at])) ++at;
    return at;
}

void append_ascii(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: out += fmt::format("\\u{:04x}", c);
    }
}

/// Says how many bytes were taken.
std::size_t append_beyond_ascii(std::string& out, Bytes text) {
    const auto point = first_code_point(text);
    if (point.size == 0) {
        out += "\\ufffd";
        return 1;
    }
    if (point.value == 0x2028 || point.value == 0x2029) {
        out += fmt::format("\\u{:04x}", point.value);
    } else {
        out += text.substr(0, point.size);
    }
    return point.size;
}

}  // namespace

void append_go_string(std::string& out, Bytes text) {
    out += '"';
    while (!text.empty()) {
        std::size_t taken = verbatim_prefix(text);
        if (taken == text.size()) break;
        out.append(text.data(), taken);
        if (taken == 0 && static_cast<unsigned char>(text[0]) < 0x80) {
            append_ascii(out, text[0]);
            taken = 1;
        } else if (taken == 0) {
            taken = append_beyond_ascii(out, text);
        }
        text.remove_prefix(taken);
    }
    const auto size = out.size();
    out.resize(size + text.size() + 1);
    if (!text.empty()) std::memcpy(out.data() + size, text.data(), text.size());
    out.back() = '"';
}

void append_go_bytes(std::string& out, Bytes bytes) {
    out += '"';
    append_base64(out, bytes);
    out += '"';
}

void append_base64(std::string& out, Bytes bytes) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
    };
    const auto start = out.size();
    out.resize(start + (bytes.size() + 2) / 3 * 4);
    char* to = out.data() + start;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3, to += 4) {
        const auto three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        std::memcpy(to, digit_pairs[three >> 12].data(), 2);
        std::memcpy(to + 2, digit_pairs[three & 0xFFF].data(), 2);
    }
    if (i == bytes.size()) return;
    const bool two = i + 2 == bytes.size();
    const auto rest = byte(i) << 16 | (two ? byte(i + 1) << 8 : 0);
    std::memcpy(to, digit_pairs[rest >> 12].data(), 2);
    to[2] = two ? digit_pairs[rest & 0xFFF][0] : '=';
    to[3] = '=';
}

}  // namespace salvor::text
