#include "core/cluster/sort_key.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace salvor::cluster {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Suffix {
    Bytes text;
    double factor;
};
constexpr std::array suffixes{
    Suffix{"", 1},        Suffix{"n", 1e-9},    Suffix{"u", 1e-6},    Suffix{"m", 1e-3},
    Suffix{"k", 1e3},     Suffix{"M", 1e6},     Suffix{"G", 1e9},     Suffix{"T", 1e12},
    Suffix{"P", 1e15},    Suffix{"E", 1e18},    Suffix{"Ki", 1024.},  Suffix{"Mi", 1048576.},
    Suffix{"Gi", 0x1p30}, Suffix{"Ti", 0x1p40}, Suffix{"Pi", 0x1p50}, Suffix{"Ei", 0x1p60}};

}  // namespace

std::optional<double> quantity_of(Bytes text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto start = text.starts_with('-') ? 1U : 0U;
    if (text.size() <= start || !(is_digit(text[start]) || text[start] == '.')) return {};
    double number = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number, std::chars_format::fixed);
    if (error != std::errc{}) return {};
    const Bytes rest(end, static_cast<std::size_t>(last - end));
    for (const auto& suffix : suffixes) {
        if (rest == suffix.text) return number * suffix.factor;
    }
    if (rest.size() < 2 || (rest[0] != 'e' && rest[0] != 'E')) return {};
    int exponent = 0;
    const auto* digits = rest.data() + (rest[1] == '+' ? 2 : 1);
    if (std::from_chars(digits, last, exponent).ptr != last) return {};
    return number * std::pow(10, exponent);
}

SortKey SortKey::of(const JsonPath& path, const kube::Value& object) {
    SortKey key;
    const auto found = path.find(object);
    if (!found || found->empty() || found->front().values.empty()) return key;
    const auto& value = *found->front().values.front();
    switch (value.type) {
        case kube::Value::Type::null: return key;
        case kube::Value::Type::integer: key.number = static_cast<double>(value.integer); break;
        case kube::Value::Type::unsigned_integer:
            key.number = static_cast<double>(value.unsigned_integer);
            break;
        case kube::Value::Type::real: key.number = value.real; break;
        case kube::Value::Type::boolean: key.number = value.boolean ? 1 : 0; break;
        default:
            key.kind = Kind::text;
            key.text = go_text(value);
            if (const auto quantity = quantity_of(key.text)) {
                key.is_quantity = true;
                key.number = *quantity;
            }
            return key;
    }
    key.kind = Kind::number;
    return key;
}

bool SortKey::operator<(const SortKey& other) const {
    if (kind != other.kind) return kind < other.kind;
    if (kind == Kind::absent) return false;
    if (kind == Kind::number || (is_quantity && other.is_quantity)) return number < other.number;
    return text < other.text;
}

}  // namespace salvor::cluster
