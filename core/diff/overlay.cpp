#include "core/diff/overlay.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/cluster/describe/quantity.hpp"
#include "core/cluster/list_keys.hpp"

namespace salvor::diff {
namespace {

using kube::Value;

/// Members whose own members are quantities, by any name.
constexpr std::array<std::string_view, 13> quantity_maps{"limits",
                                                         "requests",
                                                         "capacity",
                                                         "allocatable",
                                                         "hard",
                                                         "used",
                                                         "min",
                                                         "max",
                                                         "default",
                                                         "defaultRequest",
                                                         "maxLimitRequestRatio",
                                                         "podFixed",
                                                         "allocatedResources"};
/// Members that are one.
constexpr std::array<std::string_view, 4> quantities{"sizeLimit", "divisor", "averageValue",
                                                     "value"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<describe::Quantity> quantity_of(const Value& value) {
    if (value.is_string()) return describe::Quantity::parse(value.string);
    if (value.type != Value::Type::integer) return {};
    return describe::Quantity::parse(std::to_string(value.integer));
}

bool is_same_quantity(const Value& a, const Value& b) {
    const auto left = quantity_of(a), right = quantity_of(b);
    return left && right && left->compare(*right) == 0;
}

/// As no field is: a server leaves it out, or has it as its default.
bool is_nothing(const Value& value) {
    switch (value.type) {
        case Value::Type::null: return true;
        case Value::Type::boolean: return !value.boolean;
        case Value::Type::integer: return value.integer == 0;
        case Value::Type::string: return value.string.empty();
        case Value::Type::array: return value.items.empty();
        case Value::Type::object:
            return std::all_of(value.members.begin(), value.members.end(),
                               [](const auto& member) { return is_nothing(member.value); });
        default: return false;
    }
}

/// Where a value stands: its own name and that of what it is a member of.
struct Place {
    std::string_view name, above;
};

Value laid(const Value& live, const Value& stated, const Place& place, const Value* schema);

Value members_laid(const Value& live, const Value& stated, const Place& place,
                   const Value* schema) {
    auto result = live;
    for (const auto& member : stated.members) {
        auto* there = result.find(member.name);
        if (!there) {
            if (!is_nothing(member.value)) result.set(member.name, member.value);
        } else if (!member.value.is_null()) {
            *there = laid(*there, member.value, {member.name, place.name},
                          cluster::schema_below(schema, member.name));
        }
    }
    return result;
}

Value keyed_laid(const Value& live, const Value& stated, const cluster::ListKeys& keys,
                 const Value* items) {
    auto result = live;
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < live.items.size(); ++i)
        places.emplace(cluster::identity(live.items[i], keys), i);
    for (const auto& item : stated.items) {
        const auto found = places.find(cluster::identity(item, keys));
        if (found == places.end()) {
            result.items.push_back(item);
        } else {
            result.items[found->second] = laid(live.items[found->second], item, {}, items);
        }
    }
    return result;
}

Value list_laid(const Value& live, const Value& stated, const Place& place, const Value* schema) {
    const auto keys = cluster::list_keys(place.name, schema, live, stated);
    const auto* items = schema ? schema->find("items") : nullptr;
    if (!keys.empty()) return keyed_laid(live, stated, keys, items);
    auto result = stated;
    for (std::size_t i = 0; i < std::min(live.items.size(), stated.items.size()); ++i)
        result.items[i] = laid(live.items[i], stated.items[i], {}, items);
    return result;
}

Value laid(const Value& live, const Value& stated, const Place& place, const Value* schema) {
    if (live.is_object() && stated.is_object()) return members_laid(live, stated, place, schema);
    if (live.is_array() && stated.is_array()) return list_laid(live, stated, place, schema);
    const bool is_quantity =
        is_one_of(place.above, quantity_maps) || is_one_of(place.name, quantities);
    if (is_quantity && is_same_quantity(live, stated)) return live;
    return is_nothing(live) && is_nothing(stated) ? live : stated;
}

}  // namespace

Value overlaid(const Value& live, const Value& manifest, const Value* schema) {
    return laid(live, manifest, {}, schema);
}

}  // namespace salvor::diff
