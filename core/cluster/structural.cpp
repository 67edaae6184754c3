#include "core/cluster/structural.hpp"

#include <algorithm>

namespace salvor::cluster {
namespace {

using kube::Value;

bool is_true(const Value& schema, std::string_view name) {
    const auto* value = schema.find(name);
    return value && value->type == Value::Type::boolean && value->boolean;
}

/// The schema of a member: of its own name, else that of all others; nullptr where there is none.
const Value* schema_of(const Value& schema, std::string_view name) {
    if (const auto* properties = schema.find("properties")) {
        if (const auto* found = properties->find(name)) return found;
    }
    const auto* others = schema.find("additionalProperties");
    return others && others->is_object() ? others : nullptr;
}

bool allows_any_member(const Value& schema) {
    const auto* others = schema.find("additionalProperties");
    return others && others->type == Value::Type::boolean && others->boolean;
}

bool is_type_meta(std::string_view name) {
    return name == "apiVersion" || name == "kind" || name == "metadata";
}

void prune_value(Value& value, const Value& schema, bool is_resource, std::size_t depth) {
    if (depth > kube::max_value_depth) return;
    if (value.is_array()) {
        const auto* items = schema.find("items");
        if (!items || !items->is_object()) return;
        for (auto& item : value.items)
            prune_value(item, *items, is_true(*items, "x-kubernetes-embedded-resource"), depth + 1);
        return;
    }
    if (!value.is_object()) return;
    const bool keeps =
        is_true(schema, "x-kubernetes-preserve-unknown-fields") || allows_any_member(schema);
    std::erase_if(value.members, [&](Value::Member& member) {
        if (is_resource && is_type_meta(member.name)) return false;
        const auto* own = schema_of(schema, member.name);
        if (!own) return !keeps;
        prune_value(member.value, *own, is_true(*own, "x-kubernetes-embedded-resource"), depth + 1);
        return false;
    });
}

void default_value(Value& value, const Value& schema, std::size_t depth);

void default_members(Value& value, const Value& properties, std::size_t depth) {
    for (const auto& [name, schema] : properties.members) {
        const auto* standard = schema.find("default");
        const auto* present = static_cast<const Value&>(value).find(name);
        if (standard && (!present || (present->is_null() && !is_true(schema, "nullable"))))
            value.set(name, *standard);
    }
    for (auto& member : value.members) {
        if (const auto* schema = properties.find(member.name))
            default_value(member.value, *schema, depth + 1);
    }
}

void default_value(Value& value, const Value& schema, std::size_t depth) {
    if (depth > kube::max_value_depth) return;
    if (value.is_array()) {
        if (const auto* items = schema.find("items"); items && items->is_object()) {
            for (auto& item : value.items) default_value(item, *items, depth + 1);
        }
    } else if (value.is_object()) {
        if (const auto* properties = schema.find("properties"))
            default_members(value, *properties, depth);
        const auto* others = schema.find("additionalProperties");
        if (!others || !others->is_object()) return;
        for (auto& member : value.members) {
            const auto* properties = schema.find("properties");
            if (!properties || !properties->find(member.name))
                default_value(member.value, *others, depth + 1);
        }
    }
}

}  // namespace

void prune(Value& object, const Value& schema) {
    prune_value(object, schema, true, 0);
}
void set_defaults(Value& object, const Value& schema) {
    default_value(object, schema, 0);
}

}  // namespace salvor::cluster
