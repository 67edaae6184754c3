#include "formats/text/json_writer.hpp"

#include <fmt/format.h>

#include <array>

#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

/// Bytes that stand for themselves: all of ASCII but controls, quote, backslash and the three of HTML.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (int c = 0x20; c < 0x80; ++c) table[static_cast<std::size_t>(c)] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
    return table;
}();

void append_escape(std::string& out, unsigned char c) {
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

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t run = at;
        while (run < text.size() && plain[static_cast<unsigned char>(text[run])]) ++run;
        out.append(text, at, run - at);
        at = run;
        if (at == text.size()) break;
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x80) {
            append_escape(out, c);
            ++at;
            continue;
        }
        const auto point = first_code_point(text.substr(at));
        if (point.size == 0) {
            out += "\\ufffd";
            ++at;
        } else if (point.value == 0x2028 || point.value == 0x2029) {
            out += point.value == 0x2028 ? "\\u2028" : "\\u2029";
            at += point.size;
        } else {
            out.append(text, at, point.size);
            at += point.size;
        }
    }
    out += '"';
}

}  // namespace salvor::text
