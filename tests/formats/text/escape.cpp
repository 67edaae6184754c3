#include "formats/text/escape.hpp"

#include <catch2/catch.hpp>

#include <random>

#include "formats/text/utf8.hpp"

using namespace salvor;
using text::escape;

namespace {

void append_utf8(std::string& out, unsigned long point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
    } else if (point < 0x10000) {
        out +=
            {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
             static_cast<char>(0x80 | (point & 0x3F))};
    } else {
        out +=
            {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3F)),
             static_cast<char>(0x80 | (point >> 6 & 0x3F)),
             static_cast<char>(0x80 | (point & 0x3F))};
    }
}

/// What a reader of the shown text would do to have the bytes back.
std::string undo(const std::string& shown) {
    const std::string letters = "abtnvfr\\", controls = "\a\b\t\n\v\f\r\\";
    std::string out;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (shown[i] != '\\') {
            out += shown[i];
            continue;
        }
        const char kind = shown.at(++i);
        const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        if (digits == 0) {
            out += controls.at(letters.find(kind));
            continue;
        }
        const auto value = std::stoul(shown.substr(i + 1, digits), nullptr, 16);
        if (kind == 'x') {
            out += static_cast<char>(value);
        } else {
            append_utf8(out, value);
        }
        i += digits;
    }
    return out;
}

}  // namespace

TEST_CASE("text of any script is shown as it is") {
    for (const char* plain :
         {"", "/registry/pods/kube-system/coredns", "Grüße, мир, 世界, שלום, 🙂"}) {
        CHECK(text::is_plain(plain));
        CHECK(escape(plain) == plain);
    }
}

TEST_CASE("what a terminal would obey is escaped") {
    CHECK(escape("\x1b[2Jred") == "\\x1b[2Jred");
    CHECK(escape("a\r\nb\tc") == "a\\r\\nb\\tc");
    CHECK(escape(Bytes("\0\x7f", 2)) == "\\x00\\x7f");
    CHECK(escape("\xc2\x9b") == "\\u009b");  // CSI as one C1 control
    CHECK(escape("C:\\x") == "C:\\\\x");
}

TEST_CASE("what reorders or hides text is escaped") {
    CHECK(escape("user\u202Etxt.exe") == "user\\u202etxt.exe");
    CHECK(escape("a\u200Bb\u2066c\uFEFF") == "a\\u200bb\\u2066c\\ufeff");
    CHECK(escape("a\u00A0b\u3000c\u2028") == "a\\u00a0b\\u3000c\\u2028");
    CHECK(escape("\U000E0041") == "\\U000e0041");
}

TEST_CASE("bytes that are no legal UTF-8 are escaped one by one") {
    CHECK(escape("\xff") == "\\xff");
    CHECK(escape("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
    CHECK(escape("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(escape("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
    CHECK(escape("\xe4\xb8") == "\\xe4\\xb8");                    // cut short
    CHECK(escape("\xe4\xb8z") == "\\xe4\\xb8z");
}

TEST_CASE(
    "any bytes come back from what is shown, and what is shown is plain but for its backslashes") {
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        const auto size = random() % 40;
        while (bytes.size() < size) {
            if (random() % 2) {
                bytes += static_cast<char>(random());
            } else if (const auto point = random() % 0x110000; point < 0xD800 || point > 0xDFFF) {
                append_utf8(bytes, point);
            }
        }
        const auto shown = escape(bytes);
        REQUIRE(undo(shown) == bytes);
        REQUIRE(text::is_utf8(shown));
        REQUIRE(text::escape_message(shown) == shown);
    }
}

TEST_CASE("a message keeps its lines and what is escaped in it already") {
    CHECK(text::escape_message("key \\x00\nthen \x1b]0;") == "key \\x00\nthen \\x1b]0;");
}

TEST_CASE("an Escaped value is formatted as its escaped text, padded by width") {
    CHECK(fmt::format("<{}>", text::Escaped{"a\nb"}) == "<a\\nb>");
    CHECK(fmt::format("<{:>4}>", text::Escaped{"ab"}) == "<  ab>");
}
