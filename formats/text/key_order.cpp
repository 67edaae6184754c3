#include "formats/text/key_order.hpp"

#include <cstdint>

#include "formats/text/utf8.hpp"

namespace salvor::text {
namespace {

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

/// The digits from `at` on: value (wrapping, as upstream's int64 does) and length.
struct DigitRun {
    std::uint64_t value;
    std::size_t length;
};
DigitRun digits(std::string_view text, std::size_t at, bool from_one) {
    DigitRun run{from_one ? 1U : 0U, 0};
    for (; at + run.length < text.size() && is_digit(static_cast<unsigned char>(text[at + run.length])); ++run.length) {
        run.value = run.value * 10 + static_cast<std::uint64_t>(text[at + run.length] - '0');
    }
    return run;
}

}  // namespace

bool key_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    // Bytes that are equal are equal characters; the first difference is then looked at as characters.
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    if (i == a.size() || i == b.size()) return a.size() < b.size();
    while (i > 0 && is_continuation(a[i])) --i;
    const auto ca = decode_utf8(a.substr(i));
    const auto cb = decode_utf8(b.substr(i));
    const bool letter_a = is_letter(ca.code_point), letter_b = is_letter(cb.code_point);
    if (letter_a && letter_b) return ca.code_point < cb.code_point;
    if (letter_a || letter_b) return letter_b;
    bool from_one = false;
    if (ca.code_point == '0' || cb.code_point == '0') {
        for (std::size_t before = i; before > 0 && is_digit(static_cast<unsigned char>(a[before - 1])); --before) {
            if (a[before - 1] != '0') {
                from_one = true;
                break;
            }
        }
    }
    const auto run_a = digits(a, i, from_one), run_b = digits(b, i, from_one);
    if (run_a.value != run_b.value) return run_a.value < run_b.value;
    if (run_a.length != run_b.length) return run_a.length < run_b.length;
    return ca.code_point < cb.code_point;
}

}  // namespace salvor::text
