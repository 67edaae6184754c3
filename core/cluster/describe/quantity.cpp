#include "core/cluster/describe/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace salvor::describe {
namespace {

__extension__ typedef __int128 Wide;

constexpr std::int64_t nanos_per_unit = 1'000'000'000;
constexpr int most_digits = 28;  ///< that fit, with nine decimals, into 127 bits

struct Suffix {
    std::string_view text;
    int exponent;
};
constexpr std::array decimal_suffixes{
    Suffix{"n", -9}, Suffix{"u", -6}, Suffix{"m", -3}, Suffix{"", 0},   Suffix{"k", 3},
    Suffix{"M", 6},  Suffix{"G", 9},  Suffix{"T", 12}, Suffix{"P", 15}, Suffix{"E", 18}};
constexpr std::array binary_suffixes{Suffix{"Ki", 10}, Suffix{"Mi", 20}, Suffix{"Gi", 30},
                                     Suffix{"Ti", 40}, Suffix{"Pi", 50}, Suffix{"Ei", 60}};

/// times 10^exponent, what is below one rounded up and away from zero.
std::optional<Wide> scaled(Wide number, int exponent) {
    for (; exponent > 0; --exponent) {
        if (number > (Wide(1) << 122) || number < -(Wide(1) << 122)) return {};
        number *= 10;
    }
    bool is_cut = false;
    for (; exponent < 0; ++exponent) {
        is_cut = is_cut || number % 10 != 0;
        number /= 10;
    }
    return is_cut ? number + 1 : number;
}

std::string digits_of(Wide number) {
    std::string text;
    const bool is_negative = number < 0;
    if (is_negative) number = -number;
    do {
        text += static_cast<char>('0' + static_cast<int>(number % 10));
        number /= 10;
    } while (number != 0);
    if (is_negative) text += '-';
    std::reverse(text.begin(), text.end());
    return text;
}

/// "12.5" as 125 and -1; the text behind it stays.
std::optional<std::pair<Wide, int>> take_number(std::string_view& text) {
    Wide number = 0;
    int exponent = 0, digits = 0;
    bool behind_point = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        const char c = text.front();
        if (c == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        if (++digits > most_digits) return {};
        number = number * 10 + (c - '0');
        if (behind_point) --exponent;
    }
    if (digits == 0) return {};
    return std::pair{number, exponent};
}

}  // namespace

std::optional<Quantity> Quantity::parse(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    const auto number = take_number(text);
    if (!number) return {};
    const auto sign = [&](Wide value) { return is_negative ? -value : value; };
    Quantity quantity;
    const auto finish = [&](std::optional<Wide> nanos, Form form) -> std::optional<Quantity> {
        if (!nanos) return {};
        quantity.nanos_ = sign(*nanos);
        quantity.form_ = form;
        return quantity;
    };
    for (const auto& suffix : binary_suffixes) {
        if (text != suffix.text) continue;
        if (number->first >> 60 != 0) return {};
        return finish(scaled(number->first << suffix.exponent, number->second + 9), Form::binary);
    }
    for (const auto& suffix : decimal_suffixes) {
        if (text == suffix.text)
            return finish(scaled(number->first, number->second + suffix.exponent + 9),
                          Form::decimal);
    }
    if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return {};
    int exponent = 0;
    const auto* first = text.data() + (text[1] == '+' ? 2 : 1);
    const auto* last = text.data() + text.size();
    if (std::from_chars(first, last, exponent).ptr != last || exponent > most_digits ||
        exponent < -most_digits)
        return {};
    return finish(scaled(number->first, number->second + exponent + 9), Form::exponent);
}

Quantity Quantity::of(const kube::Value* field) {
    if (!field) return {};
    if (field->type == kube::Value::Type::integer)
        return parse(std::to_string(field->integer)).value_or(Quantity{});
    return parse(field->string).value_or(Quantity{});
}

void Quantity::add(const Quantity& other) {
    if (is_zero()) form_ = other.form_;
    nanos_ += other.nanos_;
}

std::int64_t Quantity::rounded_up(std::int64_t nanos) const {
    auto number = nanos_ / nanos;
    if (nanos_ % nanos > 0) ++number;
    if (nanos_ % nanos < 0) --number;
    return static_cast<std::int64_t>(number);
}

std::string Quantity::text() const {
    if (is_zero()) return "0";
    constexpr auto least_binary = Wide(1024) * nanos_per_unit;
    const bool is_small = nanos_ > -least_binary && nanos_ < least_binary;
    if (form_ != Form::binary) return decimal_text(form_);
    return is_small || nanos_ % nanos_per_unit != 0 ? decimal_text(Form::decimal) : binary_text();
}

std::string Quantity::text_beside(const Quantity& other) const {
    if (form_ == other.form_) return text();
    Quantity whole;
    whole.nanos_ = Wide(value()) * nanos_per_unit;
    whole.form_ = other.form_;
    return whole.text();
}

/// The shortest number whose exponent is a multiple of three.
std::string Quantity::decimal_text(Form form) const {
    auto number = nanos_;
    int exponent = -9;
    while (number % 1000 == 0 && exponent < 18) {
        number /= 1000;
        exponent += 3;
    }
    if (form == Form::exponent)
        return exponent == 0 ? digits_of(number)
                             : fmt::format("{}e{}", digits_of(number), exponent);
    for (const auto& suffix : decimal_suffixes) {
        if (suffix.exponent == exponent) return fmt::format("{}{}", digits_of(number), suffix.text);
    }
    return digits_of(number);
}

std::string Quantity::binary_text() const {
    auto number = nanos_ / nanos_per_unit;
    std::string_view suffix;
    for (const auto& next : binary_suffixes) {
        if (number % 1024 != 0) break;
        number /= 1024;
        suffix = next.text;
    }
    return fmt::format("{}{}", digits_of(number), suffix);
}

void add_to(Quantities& sums, std::string_view name, const Quantity& amount) {
    const auto found = sums.find(name);
    if (found == sums.end()) {
        sums.emplace(name, amount);
    } else {
        found->second.add(amount);
    }
}

void add_to(Quantities& sums, const Quantities& more) {
    for (const auto& [name, amount] : more) add_to(sums, name, amount);
}

void raise_to(Quantities& least, const Quantities& other) {
    for (const auto& [name, amount] : other) {
        const auto [at, is_new] = least.emplace(name, amount);
        if (!is_new && amount > at->second) at->second = amount;
    }
}

Quantities quantities_of(const kube::Value* list) {
    Quantities found;
    if (!list) return found;
    for (const auto& [name, amount] : list->members)
        found.emplace(std::string(name), Quantity::of(&amount));
    return found;
}

}  // namespace salvor::describe
