#include "formats/text/yaml_plain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace salvor::text {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_word(std::string_view text) {
    static constexpr std::array words = std::to_array<std::string_view>(
        {"y",    "Y",    "yes",   "Yes",   "YES",   "true",  "True",  "TRUE",  "on",    "On",
         "ON",   "n",    "N",     "no",    "No",    "NO",    "false", "False", "FALSE", "off",
         "Off",  "OFF",  "~",     "null",  "Null",  "NULL",  ".nan",  ".NaN",  ".NAN",  ".inf",
         ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"});
    return !text.empty() && std::find(words.begin(), words.end(), text) != words.end();
}

/// Digits of a base, all of them, that fit 64 bits.
bool is_integer(std::string_view digits, int base, bool negative) {
    unsigned long long value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
        return false;
    return !negative || value <= (1ULL << 63);
}

/// As Go's ParseInt and ParseUint with base 0, underscores gone: 0x, 0o, 0b, a leading 0, a sign.
bool is_any_integer(std::string_view text) {
    const bool sign = !text.empty() && (text[0] == '+' || text[0] == '-');
    const bool negative = sign && text[0] == '-';
    if (sign) text.remove_prefix(1);
    bool fits = false;
    const auto prefix =
        text.size() > 2 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : '\0';
    if (prefix == 'x') {
        fits = is_integer(text.substr(2), 16, negative);
    } else if (prefix == 'o') {
        fits = is_integer(text.substr(2), 8, negative);
    } else if (prefix == 'b') {
        fits = is_integer(text.substr(2), 2, negative);
    } else if (text.size() > 1 && text[0] == '0') {
        fits = is_integer(text.substr(1), 8, negative);
    } else {
        fits = is_integer(text, 10, negative);
    }
    if (!fits || !sign || negative) return fits;
    // A plus sign is for int64 alone.
    return text.size() < 19 || is_integer(text, 10, true);
}

std::size_t digits_from(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? that does not overflow.
bool is_float(std::string_view text) {
    std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    const std::size_t number = at;
    const std::size_t whole = digits_from(text, at);
    const bool has_whole = whole > at;
    at = whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits_from(text, at + 1);
        if (!has_whole && fraction == at + 1) return false;
        at = fraction;
    } else if (!has_whole) {
        return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        const std::size_t exponent = digits_from(text, at);
        if (exponent == at) return false;
        at = exponent;
    }
    if (at != text.size()) return false;
    double value = 0;
    const auto result = std::from_chars(text.data() + number, text.data() + text.size(), value);
    // from_chars tells under- and overflow alike; only an overflow is no float for Go.
    if (result.ec != std::errc::result_out_of_range) return true;
    const auto e = text.find_first_of("eE");
    return e != std::string_view::npos && e + 1 < text.size() && text[e + 1] == '-';
}

/// Reads one or two digits; nullopt where there is none.
std::optional<int> short_number(std::string_view& text) {
    if (text.empty() || !is_digit(text[0])) return {};
    const std::size_t size = text.size() > 1 && is_digit(text[1]) ? 2 : 1;
    const int value = size == 2 ? (text[0] - '0') * 10 + (text[1] - '0') : text[0] - '0';
    text.remove_prefix(size);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

bool is_time_of_day(std::string_view& text) {
    const auto hour = short_number(text);
    if (!hour || *hour > 23 || !take(text, ':')) return false;
    const auto minute = short_number(text);
    if (!minute || *minute > 59 || !take(text, ':')) return false;
    const auto second = short_number(text);
    if (!second || *second > 59) return false;
    if (text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]))
        text.remove_prefix(digits_from(text, 1));
    return true;
}

bool is_zone(std::string_view text) {
    if (text == "Z") return true;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    if (!is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[4]) || !is_digit(text[5]))
        return false;
    return (text[1] - '0') * 10 + (text[2] - '0') <= 24 && text[4] < '6';
}

bool is_timestamp(std::string_view text) {
    if (text.size() < 8 || digits_from(text, 0) != 4 || text[4] != '-') return false;
    const int year =
        (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    text.remove_prefix(5);
    const auto month = short_number(text);
    if (!month || !take(text, '-')) return false;
    const auto day = short_number(text);
    const std::chrono::year_month_day date{
        std::chrono::year(year), std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(day.value_or(0)))};
    if (!day || !date.ok()) return false;
    if (text.empty()) return true;
    if (take(text, ' ')) {
        while (take(text, ' ')) {
        }
        return is_time_of_day(text) && text.empty();
    }
    if (!take(text, 'T') && !take(text, 't')) return false;
    return is_time_of_day(text) && is_zone(text);
}

/// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base_60(std::string_view text) {
    const auto more = [&](std::size_t at) {
        while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
        return at;
    };
    std::size_t at = text[0] == '+' || text[0] == '-' ? 1 : 0;
    if (at == text.size() || !is_digit(text[at])) return false;
    at = more(at + 1);
    std::size_t parts = 0;
    for (; at + 1 < text.size() && text[at] == ':' && is_digit(text[at + 1]); ++parts) {
        const bool two = at + 2 < text.size() && is_digit(text[at + 2]);
        if (two && text[at + 1] > '5') return false;
        at += two ? 3 : 2;
    }
    if (parts == 0) return false;
    if (at < text.size() && text[at] == '.') at = more(at + 1);
    return at == text.size();
}

}  // namespace

bool reads_as_other(std::string_view text) {
    if (text.empty()) return true;
    const char first = text[0];
    if (is_word(text)) return true;
    if (first == '.') return text.find('_') == std::string_view::npos && is_float(text);
    if (!is_digit(first) && first != '+' && first != '-') return false;
    if (is_timestamp(text) || is_base_60(text)) return true;
    std::string bare(text);
    std::erase(bare, '_');
    return is_any_integer(bare) || is_float(bare);
}

}  // namespace salvor::text
