#include "formats/kube/value.hpp"

#include <algorithm>

namespace salvor::kube {

Value Value::of(std::string_view text) {
    Value value;
    value.type = Type::string;
    value.string = text;
    return value;
}
Value Value::of(std::int64_t number) {
    Value value;
    value.type = Type::integer;
    value.integer = number;
    return value;
}
Value Value::of(bool truth) {
    Value value;
    value.type = Type::boolean;
    value.boolean = truth;
    return value;
}
Value Value::object() {
    Value value;
    value.type = Type::object;
    return value;
}
Value Value::array() {
    Value value;
    value.type = Type::array;
    return value;
}

bool Value::operator==(const Value& other) const {
    if (type != other.type) return false;
    switch (type) {
        case Type::null: return true;
        case Type::boolean: return boolean == other.boolean;
        case Type::integer: return integer == other.integer;
        case Type::unsigned_integer: return unsigned_integer == other.unsigned_integer;
        case Type::real: return real == other.real;
        case Type::string: return string == other.string;
        case Type::array: return items == other.items;
        case Type::object: break;
    }
    return members.size() == other.members.size() &&
           std::all_of(members.begin(), members.end(), [&](const Member& member) {
               const Value* theirs = other.find(member.name);
               return theirs && *theirs == member.value;
           });
}

const Value* Value::find(std::string_view name) const {
    for (const auto& member : members) {
        if (member.name == name) return &member.value;
    }
    return nullptr;
}
Value* Value::find(std::string_view name) {
    return const_cast<Value*>(static_cast<const Value*>(this)->find(name));
}

const Value* Value::at(std::initializer_list<std::string_view> path) const {
    const Value* value = this;
    for (const auto name : path) {
        value = value->find(name);
        if (!value) return nullptr;
    }
    return value;
}

std::string_view Value::text(std::string_view name) const {
    const Value* value = find(name);
    return value && value->is_string() ? value->string : std::string_view{};
}

Value& Value::set(std::string_view name, Value value) {
    type = Type::object;
    if (Value* found = find(name)) return *found = std::move(value);
    return members.emplace_back(Member{name, std::move(value)}).value;
}

std::string_view Document::copy(std::string_view text) {
    constexpr std::size_t block_size = 4096;
    if (text.size() > block_size / 4) return keep(std::string(text));
    // A block never grows beyond its room, so what stands in it stays where it is.
    if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < text.size())
        blocks.emplace_back().reserve(block_size);
    auto& block = blocks.back();
    const auto start = block.size();
    block += text;
    return std::string_view(block).substr(start);
}

bool Value::erase(std::string_view name) {
    return std::erase_if(members, [&](const Member& member) { return member.name == name; }) > 0;
}

}  // namespace salvor::kube
