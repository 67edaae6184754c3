#include "formats/text/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace salvor::text {
namespace {

/// The shortest decimal digits that read back as the same double, and the exponent of the first.
struct Digits {
    char text[24];
    std::size_t count = 0;
    int exponent = 0;
};

Digits shortest(double value) {
    char buffer[32];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    Digits digits;
    const char* at = buffer;
    for (; at != end && *at != 'e'; ++at) {
        if (*at != '.') digits.text[digits.count++] = *at;
    }
    // from_chars takes no leading plus
    if (at != end && *++at == '+') ++at;
    std::from_chars(at, end, digits.exponent);
    while (digits.count > 1 && digits.text[digits.count - 1] == '0') --digits.count;
    return digits;
}

void append_plain(std::string& out, const Digits& digits) {
    const std::string_view text(digits.text, digits.count);
    if (digits.exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-digits.exponent - 1), '0');
        out += text;
        return;
    }
    const auto whole = static_cast<std::size_t>(digits.exponent) + 1;
    if (text.size() <= whole) {
        out += text;
        out.append(whole - text.size(), '0');
        return;
    }
    out += text.substr(0, whole);
    out += '.';
    out += text.substr(whole);
}

void append_exponent(std::string& out, const Digits& digits, bool two_digits) {
    out += digits.text[0];
    if (digits.count > 1) {
        out += '.';
        out.append(digits.text + 1, digits.count - 1);
    }
    out += digits.exponent < 0 ? "e-" : "e+";
    const int size = std::abs(digits.exponent);
    if (two_digits && size < 10) out += '0';
    out += std::to_string(size);
}

}  // namespace

void append_json_number(std::string& out, double value) {
    if (std::signbit(value)) out += '-';
    value = std::fabs(value);
    const auto digits = shortest(value);
    if (value != 0 && (value < 1e-6 || value >= 1e21)) {
        append_exponent(out, digits, false);
    } else {
        append_plain(out, digits);
    }
}

void append_yaml_number(std::string& out, double value) {
    if (std::signbit(value)) out += '-';
    value = std::fabs(value);
    const auto digits = shortest(value);
    if (value != 0 && (digits.exponent < -4 || digits.exponent >= 6)) {
        append_exponent(out, digits, true);
    } else {
        append_plain(out, digits);
    }
}

}  // namespace salvor::text
