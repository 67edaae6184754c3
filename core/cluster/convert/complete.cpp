#include "core/cluster/convert/complete.hpp"

#include <algorithm>

namespace salvor::convert {
namespace {

using kube::Shape;
using kube::Slot;
using kube::Special;
using kube::schema::Label;
using kube::schema::Presence;
using kube::schema::Type;

class Completion {
 public:
    explicit Completion(const kube::Schema& schema) : schema_(schema) {}

    void message(Value& value, const Shape& shape, std::size_t depth) {
        if (shape.special != Special::none || !value.is_object() || depth > kube::max_value_depth)
            return;
        // An object, also one within another, says what it is, which its message does not.
        const bool is_object = slot_of(shape, "metadata");
        std::erase_if(value.members, [&](const Value::Member& member) {
            if (is_object && (member.name == "apiVersion" || member.name == "kind")) return false;
            return member.name != "unknownFields" && !slot_of(shape, member.name);
        });
        for (const auto& slot : shape.slots) member(value, slot, depth);
    }

 private:
    static const Slot* slot_of(const Shape& shape, Bytes name) {
        for (const auto& slot : shape.slots) {
            if (slot.json_name == name) return &slot;
        }
        return nullptr;
    }

    void member(Value& object, const Slot& slot, std::size_t depth) {
        auto* value = object.find(slot.json_name);
        if (is_left_out(slot, value)) {
            object.erase(slot.json_name);
            return;
        }
        if (is_nil(value)) value = &object.set(slot.json_name, zero(slot));
        if (slot.type != Type::message) return;
        const auto& shape = schema_.shape(slot.message);
        if (slot.label == Label::singular) return message(*value, shape, depth + 1);
        for (auto& item : value->items) message(item, shape, depth + 1);
        for (auto& entry : value->members) message(entry.value, shape, depth + 1);
    }

    bool is_left_out(const Slot& slot, const Value* value) const {
        if (is_nil(value)) return slot.silent;
        if (!slot.omitempty) return false;
        const bool is_scalar = slot.presence == Presence::scalar;
        return (slot.label != Label::singular || is_scalar || slot.presence == Presence::bytes) &&
               is_zero(value);
    }

    Value zero(const Slot& slot) const {
        if (slot.label != Label::singular) return {};
        if (slot.presence == Presence::structure) return zero_message(schema_.shape(slot.message));
        if (slot.presence != Presence::scalar) return {};
        switch (slot.type) {
            case Type::string:
            case Type::bytes: return Value::of(Bytes(""));
            case Type::boolean: return Value::of(false);
            case Type::message: return zero_message(schema_.shape(slot.message));
            default: return Value::of(std::int64_t{0});
        }
    }

    static Value zero_message(const Shape& shape) {
        switch (shape.special) {
            case Special::none: return Value::object();
            case Special::duration: return Value::of(Bytes("0s"));
            case Special::int_or_string: return Value::of(std::int64_t{0});
            case Special::quantity: return Value::of(Bytes("0"));
            default: return {};
        }
    }

    const kube::Schema& schema_;
};

}  // namespace

void complete(Value& object, const Shape& shape, const kube::Schema& schema) {
    Completion(schema).message(object, shape, 0);
}

}  // namespace salvor::convert
