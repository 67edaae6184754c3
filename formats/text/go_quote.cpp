#include "formats/text/go_quote.hpp"

#include <fmt/core.h>

#include "formats/text/go_printable.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

void append_control(std::string& out, char c) {
    constexpr Bytes controls = "\a\b\f\n\r\t\v";
    constexpr Bytes letters = "abfnrtv";
    const auto at = controls.find(c);
    if (at != Bytes::npos) {
        out += {'\\', letters[at]};
    } else {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
}

void append_point(std::string& out, Bytes bytes, std::uint32_t point) {
    if (point == '"' || point == '\\') {
        out += {'\\', bytes[0]};
    } else if (is_go_printable(point)) {
        out += bytes;
    } else if (point < 0x20 || point == 0x7F) {
        append_control(out, bytes[0]);
    } else if (point > 0xFFFF) {
        out += fmt::format("\\U{:08x}", point);
    } else {
        out += fmt::format("\\u{:04x}", point);
    }
}

std::size_t plain_prefix(Bytes text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] >= 0x20 && text[at] < 0x7F && text[at] != '"' &&
           text[at] != '\\')
        ++at;
    return at;
}

}  // namespace

void append_go_quoted(std::string& out, Bytes text) {
    out += '"';
    while (!text.empty()) {
        const auto plain = plain_prefix(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto point = first_code_point(text);
        if (point.size == 0) {
            append_control(out, text[0]);
        } else {
            append_point(out, text.substr(0, point.size), point.value);
        }
        text.remove_prefix(point.size == 0 ? 1 : point.size);
    }
    out += '"';
}

}  // namespace salvor::text
