#include "formats/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

struct Span {
    std::uint32_t first, last;
};
// Unicode 15: general categories Cc, Cf, Zs (but U+0020), Zl, Zp, Co, noncharacters, and the
// letters that are drawn as nothing (Default_Ignorable_Code_Point). Ascending.
constexpr std::array invisible{
    Span{0x80, 0xA0},       Span{0xAD, 0xAD},       Span{0x34F, 0x34F},     Span{0x600, 0x605},
    Span{0x61C, 0x61C},     Span{0x6DD, 0x6DD},     Span{0x70F, 0x70F},     Span{0x890, 0x891},
    Span{0x8E2, 0x8E2},     Span{0x115F, 0x1160},   Span{0x1680, 0x1680},   Span{0x17B4, 0x17B5},
    Span{0x180B, 0x180F},   Span{0x2000, 0x200F},   Span{0x2028, 0x202F},   Span{0x205F, 0x206F},
    Span{0x3000, 0x3000},   Span{0x3164, 0x3164},   Span{0xE000, 0xF8FF},   Span{0xFDD0, 0xFDEF},
    Span{0xFEFF, 0xFEFF},   Span{0xFFA0, 0xFFA0},   Span{0xFFF0, 0xFFFB},   Span{0x110BD, 0x110BD},
    Span{0x110CD, 0x110CD}, Span{0x13430, 0x1343F}, Span{0x1BCA0, 0x1BCA3}, Span{0x1D173, 0x1D17A},
    Span{0xE0000, 0x10FFFF}};

bool is_visible(std::uint32_t point) {
    if ((point & 0xFFFE) == 0xFFFE) return false;  // the last two of each plane
    const auto* span = std::lower_bound(invisible.begin(), invisible.end(), point,
                                        [](const Span& s, std::uint32_t p) { return s.last < p; });
    return span == invisible.end() || point < span->first;
}

bool is_plain_ascii(char c) {
    return c >= 0x20 && c < 0x7F && c != '\\';
}

std::size_t plain_prefix(Bytes bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (is_plain_ascii(bytes[at])) {
            ++at;
            continue;
        }
        const auto point = first_code_point(bytes.substr(at));
        if (point.size < 2 || !is_visible(point.value)) break;
        at += point.size;
    }
    return at;
}

char letter_of(char c) {
    constexpr Bytes controls = "\a\b\t\n\v\f\r\\";
    constexpr Bytes letters = "abtnvfr\\";
    const auto at = controls.find(c);
    return at == Bytes::npos ? '\0' : letters[at];
}

/// Escapes the first byte or code point; says how many bytes that was.
std::size_t escape_one(Bytes bytes, std::string& out) {
    const auto point = first_code_point(bytes);
    if (point.size >= 2) {
        const char* form = point.value > 0xFFFF ? "\\U{:08x}" : "\\u{:04x}";
        out += fmt::format(fmt::runtime(form), point.value);
        return point.size;
    }
    if (const char letter = letter_of(bytes[0])) {
        out += {'\\', letter};
    } else {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    }
    return 1;
}

std::string escape_but(Bytes kept, Bytes bytes) {
    std::string out;
    out.reserve(bytes.size() + 16);
    while (!bytes.empty()) {
        const auto plain = plain_prefix(bytes);
        out += bytes.substr(0, plain);
        bytes.remove_prefix(plain);
        if (bytes.empty()) break;
        if (kept.find(bytes[0]) != Bytes::npos) {
            out += bytes[0];
            bytes.remove_prefix(1);
        } else {
            bytes.remove_prefix(escape_one(bytes, out));
        }
    }
    return out;
}

}  // namespace

bool is_plain(Bytes bytes) {
    return plain_prefix(bytes) == bytes.size();
}
std::string escape(Bytes bytes) {
    return escape_but("", bytes);
}
std::string escape_message(Bytes message) {
    return escape_but("\\\n", message);
}

}  // namespace salvor::text

fmt::appender fmt::formatter<salvor::text::Escaped>::format(const salvor::text::Escaped& escaped,
                                                            fmt::format_context& context) const {
    using Base = fmt::formatter<std::string_view>;
    if (salvor::text::is_plain(escaped.bytes)) return Base::format(escaped.bytes, context);
    return Base::format(salvor::text::escape(escaped.bytes), context);
}
