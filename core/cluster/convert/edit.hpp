#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/kube/schema/schema.hpp"
#include "formats/kube/value.hpp"

// What conversions do to objects, in words of their own.

namespace salvor::convert {

using kube::Value;

/// What a change to an object may need: the tables of the release that is shown, and who keeps new
/// texts.
struct Context {
    const kube::Schema& schema;
    kube::Document& document;
    std::uint8_t release() const { return schema.release(); }
    Bytes keep(std::string text) { return document.keep(std::move(text)); }
};

/// Absent or null: what Go has as nil.
inline bool is_nil(const Value* value) {
    return !value || value->is_null();
}
/// Nil, or what Go has as a type's zero: "", 0, false, no item, no member.
bool is_zero(const Value* value);
/// A member that is no null, else nullptr.
Value* member(Value& object, Bytes name);
/// By names one below the other.
Value* member(Value& object, std::initializer_list<Bytes> path);
/// A member that is an object; made where it is nil.
Value& object_at(Value& object, Bytes name);
/// The items of a list; none where there is no list.
std::vector<Value>& items(Value& object, std::initializer_list<Bytes> path);
std::int64_t number(Value& object, Bytes name);

/// Takes a member out of one object and gives it to another, unless it is null.
void move_member(Value& from, Bytes name, Value& to, Bytes new_name);
inline void rename(Value& object, Bytes name, Bytes new_name) {
    move_member(object, name, object, new_name);
}
void copy_member(const Value& from, Bytes name, Value& to, Bytes new_name);
void set_if_nil(Value& object, Bytes name, Value value);
void set_if_zero(Value& object, Bytes name, Value value);
/// An object of these members, in that order; null ones are left out.
Value made(std::initializer_list<std::pair<Bytes, Value>> members);
Value list_of(std::initializer_list<Value> items);

Value* annotation(Value& object, Bytes name);
void annotate(Value& object, Bytes name, Bytes text);
void drop_annotation(Value& object, Bytes name);

}  // namespace salvor::convert
