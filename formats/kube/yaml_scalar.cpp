#include "formats/kube/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace salvor::kube {
namespace {

template <std::size_t N>
bool is_one_of(Bytes text, const std::array<Bytes, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<Bytes, 5> nulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<Bytes, 11> truths{"y",    "Y",    "yes", "Yes", "YES", "true",
                                       "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<Bytes, 11> untruths{"n",     "N",     "no",  "No",  "NO", "false",
                                         "False", "FALSE", "off", "Off", "OFF"};

template <class Number>
std::optional<Number> parsed(Bytes text, int base) {
    Number number{};
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number, base);
    return error == std::errc{} && end == text.end() && !text.empty() ? std::optional(number)
                                                                      : std::nullopt;
}

struct Digits {
    Bytes text;
    int base = 10;
};

/// As Go's ParseInt with base 0: by its prefix.
Digits digits_of(Bytes unsigned_text) {
    if (unsigned_text.size() < 2 || unsigned_text.front() != '0') return {unsigned_text};
    switch (unsigned_text[1]) {
        case 'x':
        case 'X': return {unsigned_text.substr(2), 16};
        case 'b':
        case 'B': return {unsigned_text.substr(2), 2};
        case 'o':
        case 'O': return {unsigned_text.substr(2), 8};
        default: return {unsigned_text.substr(1), 8};
    }
}

std::optional<Value> integer_of(Bytes text) {
    const bool is_negative = text.starts_with('-');
    const auto digits = digits_of(is_negative || text.starts_with('+') ? text.substr(1) : text);
    const auto number = parsed<std::uint64_t>(digits.text, digits.base);
    if (!number) return {};
    constexpr auto top = static_cast<std::uint64_t>(INT64_MAX);
    if (*number > top + (is_negative ? 1U : 0U)) {
        if (is_negative) return {};
        Value value;
        value.type = Value::Type::unsigned_integer;
        value.unsigned_integer = *number;
        return value;
    }
    return Value::of(static_cast<std::int64_t>(is_negative ? 0 - *number : *number));
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
std::optional<Value> real_of(Bytes text) {
    const auto unsigned_text =
        text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
    if (unsigned_text.empty() ||
        unsigned_text.find_first_not_of("0123456789.eE+-") != Bytes::npos ||
        (unsigned_text.front() != '.' &&
         !std::isdigit(static_cast<unsigned char>(unsigned_text[0]))))
        return {};
    double number = 0;
    const auto [end, error] = std::from_chars(unsigned_text.begin(), unsigned_text.end(), number);
    if (error != std::errc{} || end != unsigned_text.end() || !std::isfinite(number)) return {};
    Value value;
    value.type = Value::Type::real;
    value.real = text.starts_with('-') ? -number : number;
    return value;
}

}  // namespace

Value plain_scalar(Bytes text) {
    if (is_one_of(text, nulls)) return {};
    if (is_one_of(text, truths)) return Value::of(true);
    if (is_one_of(text, untruths)) return Value::of(false);
    const char first = text.front();
    if (!std::isdigit(static_cast<unsigned char>(first)) && first != '-' && first != '+' &&
        first != '.')
        return Value::of(text);
    std::string bare(text);
    std::erase(bare, '_');
    if (auto number = integer_of(bare)) return *number;
    if (auto number = real_of(bare)) return *number;
    return Value::of(text);
}

}  // namespace salvor::kube
