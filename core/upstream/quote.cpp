#include "core/upstream/quote.hpp"

#include <fmt/core.h>

namespace salvor::upstream {
namespace {

struct Rune {
    char32_t value;
    std::size_t size;  ///< in bytes; 1 for a byte that is no UTF-8, value then being the byte
    bool valid;
};

Rune decode(Bytes text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return {first, 1, false};
    char32_t value = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {first, 1, false};
        value = (value << 6) | (byte(i) & 0x3FU);
    }
    const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value < 0xE000;
    if (overlong || surrogate || value > 0x10FFFF) return {first, 1, false};
    return {value, size, true};
}

// Go has a table of each printable character; here whole blocks: no controls, spaces but U+0020,
// private use or non-characters. In a message about a damaged row that is near enough.
bool printable(char32_t c) {
    if (c < 0x7F) return c >= 0x20;
    if (c <= 0xA0 || c == 0xAD) return false;
    if ((c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
        (c >= 0x205F && c <= 0x206F))
        return false;
    if (c == 0x3000 || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE)
        return false;
    return !(c >= 0xE000 && c < 0xF900) && c < 0xE0000;
}

}  // namespace

std::string quote_character(char byte) {
    if (byte == '\'') return R"('\'')";
    if (byte == '"') return R"('"')";
    const auto number = static_cast<unsigned char>(byte);
    std::string encoded(1, byte);
    if (number >= 0x80)
        encoded = {static_cast<char>(0xC0 | (number >> 6)),
                   static_cast<char>(0x80 | (number & 0x3F))};
    const auto quoted = quote(encoded);
    return fmt::format("'{}'", quoted.substr(1, quoted.size() - 2));
}

std::string quote(Bytes text) {
    std::string out = "\"";
    while (!text.empty()) {
        const Rune rune = decode(text);
        const Bytes bytes = text.substr(0, rune.size);
        text.remove_prefix(rune.size);
        if (rune.value == '"' || rune.value == '\\') {
            out += '\\';
            out += bytes;
        } else if (rune.valid && printable(rune.value)) {
            out += bytes;
        } else if (const auto at = Bytes("\a\b\f\n\r\t\v").find(bytes[0]); at != Bytes::npos) {
            out += '\\';
            out += "abfnrtv"[at];
        } else if (!rune.valid || rune.value < ' ' || rune.value == 0x7F) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(rune.value));
        } else if (rune.value < 0x10000) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(rune.value));
        } else {
            out += fmt::format("\\U{:08x}", static_cast<unsigned>(rune.value));
        }
    }
    return out + '"';
}

}  // namespace salvor::upstream
