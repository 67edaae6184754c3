#include "formats/text/go_json.hpp"

#include <fmt/core.h>

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
        std::size_t taken = 0;
        while (taken < text.size() && is_verbatim(text[taken])) ++taken;
        out += text.substr(0, taken);
        if (taken == 0 && static_cast<unsigned char>(text[0]) < 0x80) {
            append_ascii(out, text[0]);
            taken = 1;
        } else if (taken == 0) {
            taken = append_beyond_ascii(out, text);
        }
        text.remove_prefix(taken);
    }
    out += '"';
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
