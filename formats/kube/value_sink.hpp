#pragma once

#include <vector>

#include "formats/kube/render.hpp"
#include "formats/kube/value.hpp"

namespace salvor::kube {

/// A sink that builds a Value. Strings that are told must live as long as the value or be kept:
/// `document` keeps a copy of each.
class ValueSink {
 public:
    static constexpr Order order = Order::json;
    explicit ValueSink(Document& document) : document_(&document) { open_.push_back(&root_); }

    void null() { put({}); }
    void boolean(bool truth) { put(Value::of(truth)); }
    void integer(std::int64_t number) { put(Value::of(number)); }
    void unsigned_integer(std::uint64_t number) {
        Value value;
        value.type = Value::Type::unsigned_integer;
        value.unsigned_integer = number;
        put(std::move(value));
    }
    void real(double number) {
        Value value;
        value.type = Value::Type::real;
        value.real = number;
        put(std::move(value));
    }
    void string(std::string_view text) { put(Value::of(document_->copy(text))); }
    void begin_object() { open_.push_back(&put(Value::object())); }
    void end_object() { open_.pop_back(); }
    void begin_array() { open_.push_back(&put(Value::array())); }
    void end_array() { open_.pop_back(); }
    void key(std::string_view name) { name_ = document_->copy(name); }

    Value take() { return std::move(root_); }

 private:
    Value& put(Value value) {
        Value& top = *open_.back();
        if (top.is_array()) return top.items.emplace_back(std::move(value));
        if (top.is_object())
            return top.members.emplace_back(Value::Member{name_, std::move(value)}).value;
        return top = std::move(value);
    }

    Document* document_;
    Value root_;
    std::vector<Value*> open_;
    std::string_view name_;
};

}  // namespace salvor::kube
