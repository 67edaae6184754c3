#include "tools/salvor/standin/go_values.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>

#include "core/upstream/quote.hpp"

namespace salvor::tool::standin {
namespace {

constexpr const char* bad_syntax = "invalid syntax";
constexpr const char* bad_range = "value out of range";

std::unexpected<std::string> refuse(const char* function, Bytes text, const char* why) {
    return std::unexpected(
        fmt::format("strconv.{}: parsing {}: {}", function, upstream::quote(text), why));
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

/// Underscores stand between digits, or between a base's prefix and a digit.
bool underscores_fit(Bytes text, bool has_prefix) {
    char before = has_prefix ? '0' : ' ';
    for (const char c : text) {
        if (c == '_' && before != '0') return false;
        if (c != '_' && before == '_' && digit(c) > 15) return false;
        before = c == '_' ? '_' : '0';
    }
    return before != '_';
}

struct Digits {
    Bytes text;
    int base;
    bool has_prefix;  ///< also a leading 0 alone
};

Digits split_prefix(Bytes text) {
    if (text.size() >= 3 && text[0] == '0') {
        switch (text[1] | 0x20) {
            case 'x': return {text.substr(2), 16, true};
            case 'o': return {text.substr(2), 8, true};
            case 'b': return {text.substr(2), 2, true};
            default: break;
        }
    }
    if (text.size() >= 2 && text[0] == '0') return {text.substr(1), 8, true};
    return {text, 10, false};
}

/// The number, or one of the two reasons.
std::expected<std::uint64_t, const char*> magnitude(Bytes text) {
    if (text.empty()) return std::unexpected(bad_syntax);
    const auto digits = split_prefix(text);
    std::uint64_t value = 0;
    bool overflow = false;
    for (const char c : digits.text) {
        if (c == '_') continue;
        const int next = digit(c);
        if (next >= digits.base) return std::unexpected(bad_syntax);
        overflow = overflow || __builtin_mul_overflow(value, digits.base, &value) ||
                   __builtin_add_overflow(value, next, &value);
        if (overflow) return std::unexpected(bad_range);
    }
    if (!underscores_fit(digits.text, digits.has_prefix)) return std::unexpected(bad_syntax);
    return value;
}

}  // namespace

GoValue<bool> go_bool(const std::string& text) {
    for (const char* word : {"1", "t", "T", "TRUE", "true", "True"}) {
        if (text == word) return true;
    }
    for (const char* word : {"0", "f", "F", "FALSE", "false", "False"}) {
        if (text == word) return false;
    }
    return refuse("ParseBool", text, bad_syntax);
}

GoValue<std::uint64_t> go_uint64(const std::string& text) {
    const auto value = magnitude(text);
    if (!value) return refuse("ParseUint", text, value.error());
    return *value;
}

GoValue<std::int64_t> go_int64(const std::string& text) {
    const bool negative = text.starts_with('-');
    const Bytes unsigned_text = Bytes(text).substr(negative || text.starts_with('+') ? 1 : 0);
    const auto value = magnitude(unsigned_text);
    if (!value) return refuse("ParseInt", text, value.error());
    const std::uint64_t limit = std::uint64_t{1} << 63;
    if (*value > limit || (!negative && *value == limit))
        return refuse("ParseInt", text, bad_range);
    return static_cast<std::int64_t>(negative ? 0 - *value : *value);
}

namespace {

std::optional<double> nanoseconds(Bytes unit) {
    static constexpr std::array units{std::pair{"ns", 1.0},        std::pair{"us", 1e3},
                                      std::pair{"\xC2\xB5s", 1e3}, std::pair{"\xCE\xBCs", 1e3},
                                      std::pair{"ms", 1e6},        std::pair{"s", 1e9},
                                      std::pair{"m", 6e10},        std::pair{"h", 3.6e12}};
    for (const auto& [name, value] : units) {
        if (unit == name) return value;
    }
    return {};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

GoValue<std::int64_t> go_duration(const std::string& text) {
    const auto bad = [&](const std::string& why) {
        return std::unexpected(fmt::format("time: {} {}", why, upstream::quote(text)));
    };
    Bytes rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest == "0") return 0;
    if (rest.empty()) return bad("invalid duration");
    double total = 0;
    while (!rest.empty()) {
        std::size_t size = 0, digits = 0;
        for (bool point = false; size < rest.size(); ++size) {
            if (is_digit(rest[size])) {
                ++digits;
            } else if (rest[size] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0) return bad("invalid duration");
        const double value = std::stod(std::string(rest.substr(0, size)));
        rest.remove_prefix(size);
        std::size_t unit_size = 0;
        while (unit_size < rest.size() && rest[unit_size] != '.' && !is_digit(rest[unit_size]))
            ++unit_size;
        if (unit_size == 0) return bad("missing unit in duration");
        const auto unit = nanoseconds(rest.substr(0, unit_size));
        if (!unit) {
            return bad(fmt::format("unknown unit {} in duration",
                                   upstream::quote(rest.substr(0, unit_size))));
        }
        total += value * *unit;
        if (total > 9.2233720368547e18) return bad("invalid duration");
        rest.remove_prefix(unit_size);
    }
    const auto whole = static_cast<std::int64_t>(total);
    return negative ? -whole : whole;
}

}  // namespace salvor::tool::standin
