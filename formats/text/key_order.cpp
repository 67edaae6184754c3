#include "formats/text/key_order.hpp"

#include <cstdint>

#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A letter for this order. Beyond ASCII the blocks of punctuation and symbols are told from the
/// rest, which are scripts: keys with both are not known to exist.
bool is_letter(std::uint32_t c) {
    if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    const bool symbols = c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2C00) ||
                         (c >= 0x3000 && c < 0x3005) || (c >= 0x3008 && c < 0x3021) ||
                         (c >= 0xFE00 && c < 0xFE70) || c == 0xFEFF ||
                         (c >= 0xFFF0 && c < 0x10000) || (c >= 0x1F000 && c < 0x20000);
    return !symbols;
}

/// The digits from `at` on: their value (wrapping, as upstream's int64 does) and where they end.
struct DigitRun {
    std::uint64_t value;
    std::size_t end;
};
DigitRun digits(std::string_view text, std::size_t at, bool from_one) {
    DigitRun run{from_one ? 1U : 0U, at};
    for (; run.end < text.size() && is_digit(text[run.end]); ++run.end) {
        run.value = run.value * 10 + static_cast<std::uint64_t>(text[run.end] - '0');
    }
    return run;
}

/// Whether a digit other than 0 stands directly before, with nothing but digits between.
bool within_a_number(std::string_view text, std::size_t at) {
    while (at > 0 && is_digit(text[at - 1])) {
        if (text[--at] != '0') return true;
    }
    return false;
}

}  // namespace

bool key_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    if (i == a.size() || i == b.size()) return a.size() < b.size();
    while (i > 0 && (static_cast<unsigned char>(a[i]) & 0xC0) == 0x80)
        --i;  // to the character's start
    const auto ca = first_code_point(a.substr(i)).value;
    const auto cb = first_code_point(b.substr(i)).value;
    const bool letter_a = is_letter(ca), letter_b = is_letter(cb);
    if (letter_a && letter_b) return ca < cb;
    if (letter_a || letter_b) return letter_b;
    const bool from_one = (ca == '0' || cb == '0') && within_a_number(a, i);
    const auto run_a = digits(a, i, from_one), run_b = digits(b, i, from_one);
    if (run_a.value != run_b.value)
        return static_cast<std::int64_t>(run_a.value) < static_cast<std::int64_t>(run_b.value);
    if (run_a.end != run_b.end) return run_a.end < run_b.end;
    return ca < cb;
}

}  // namespace salvor::text
