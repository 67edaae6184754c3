#include "core/cluster/convert/edit.hpp"

namespace salvor::convert {
namespace {

using Type = Value::Type;

}  // namespace

bool is_zero(const Value* value) {
    if (!value) return true;
    switch (value->type) {
        case Type::null: return true;
        case Type::boolean: return !value->boolean;
        case Type::integer: return value->integer == 0;
        case Type::unsigned_integer: return value->unsigned_integer == 0;
        case Type::real: return value->real == 0;
        case Type::string: return value->string.empty();
        case Type::array: return value->items.empty();
        case Type::object: return value->members.empty();
    }
    return false;
}

Value* member(Value& object, Bytes name) {
    auto* found = object.find(name);
    return is_nil(found) ? nullptr : found;
}

Value* member(Value& object, std::initializer_list<Bytes> path) {
    auto* found = &object;
    for (const auto name : path) {
        found = member(*found, name);
        if (!found) return nullptr;
    }
    return found;
}

Value& object_at(Value& object, Bytes name) {
    auto* found = object.find(name);
    if (found && found->is_object()) return *found;
    return object.set(name, Value::object());
}

std::vector<Value>& items(Value& object, std::initializer_list<Bytes> path) {
    static thread_local std::vector<Value> none;
    none.clear();
    auto* found = member(object, path);
    return found && found->is_array() ? found->items : none;
}

std::int64_t number(Value& object, Bytes name) {
    const auto* found = member(object, name);
    return found && found->type == Type::integer ? found->integer : 0;
}

void move_member(Value& from, Bytes name, Value& to, Bytes new_name) {
    auto* found = from.find(name);
    if (!found) return;
    auto value = std::move(*found);
    from.erase(name);
    if (!value.is_null()) to.set(new_name, std::move(value));
}

void copy_member(const Value& from, Bytes name, Value& to, Bytes new_name) {
    if (const auto* found = from.find(name); !is_nil(found)) to.set(new_name, Value(*found));
}

void set_if_nil(Value& object, Bytes name, Value value) {
    if (is_nil(object.find(name))) object.set(name, std::move(value));
}

void set_if_zero(Value& object, Bytes name, Value value) {
    if (is_zero(object.find(name))) object.set(name, std::move(value));
}

Value made(std::initializer_list<std::pair<Bytes, Value>> members) {
    auto object = Value::object();
    for (const auto& [name, value] : members) {
        if (!value.is_null()) object.members.push_back({name, value});
    }
    return object;
}

Value list_of(std::initializer_list<Value> items) {
    auto list = Value::array();
    list.items.assign(items.begin(), items.end());
    return list;
}

Value* annotation(Value& object, Bytes name) {
    return member(object, {"metadata", "annotations", name});
}

void annotate(Value& object, Bytes name, Bytes text) {
    object_at(object_at(object, "metadata"), "annotations").set(name, Value::of(text));
}

void drop_annotation(Value& object, Bytes name) {
    auto* metadata = member(object, "metadata");
    auto* annotations = metadata ? member(*metadata, "annotations") : nullptr;
    if (annotations && annotations->erase(name) && annotations->members.empty())
        metadata->erase("annotations");
}

}  // namespace salvor::convert
