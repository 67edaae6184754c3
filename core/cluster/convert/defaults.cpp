#include "core/cluster/convert/defaults.hpp"

#include <algorithm>

namespace salvor::convert {
namespace {

using kube::schema::Label;
using kube::schema::Presence;
using kube::schema::Type;

constexpr Bytes package = "k8s.io.api.";

const kube::Slot* active_slot(const kube::Shape& shape, Bytes name) {
    const auto slot = std::find_if(shape.slots.begin(), shape.slots.end(), [&](const auto& one) {
        return one.json_name == name && one.active;
    });
    return slot == shape.slots.end() ? nullptr : &*slot;
}

}  // namespace

Defaults::Defaults(const kube::Schema& schema)
    : schema_(&schema), fixed_(fixed_defaults()), messages_(kube::schema::messages().size()) {
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        const auto number = static_cast<std::uint16_t>(i);
        numbers_.emplace(&schema.shape(number), number);
    }
    collect();
    find_below();
}

void Defaults::collect() {
    const auto find = [&](Bytes name) -> Message* {
        const auto* shape = schema_->find(std::string(package).append(name));
        return shape ? &messages_[numbers_.at(shape)] : nullptr;
    };
    const auto release = schema_->release();
    for (const auto& fixed : fixed_) {
        auto* message = find(fixed.message);
        if (!message || release < fixed.since || release > fixed.until) continue;
        const auto& shape = schema_->shape(static_cast<std::uint16_t>(message - messages_.data()));
        if (const auto* slot = active_slot(shape, fixed.field))
            message->fixed.push_back({&fixed, slot->presence == Presence::scalar});
    }
    for (const auto rules : {core_defaults(), workload_defaults(), policy_defaults()}) {
        for (const auto& rule : rules) {
            if (auto* message = find(rule.message)) message->rules.push_back(rule.apply);
        }
    }
}

/// Which members lead to a default, so that a walk looks at no other.
void Defaults::find_below() {
    std::vector<bool> leads(messages_.size());
    for (std::size_t i = 0; i < messages_.size(); ++i)
        leads[i] = !messages_[i].fixed.empty() || !messages_[i].rules.empty();
    const auto slots = [&](std::size_t i) -> const std::vector<kube::Slot>& {
        return schema_->shape(static_cast<std::uint16_t>(i)).slots;
    };
    const auto leads_on = [&](const kube::Slot& slot) {
        return slot.type == Type::message && leads[slot.message];
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < messages_.size(); ++i) {
            if (leads[i] || !std::any_of(slots(i).begin(), slots(i).end(), leads_on)) continue;
            leads[i] = changed = true;
        }
    }
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        for (const auto& slot : slots(i)) {
            if (leads_on(slot))
                messages_[i].below.push_back({slot.json_name, slot.message, slot.label});
        }
    }
}

void Defaults::apply(Value& object, const kube::Shape& shape, Context& context) const {
    visit(object, numbers_.at(&shape), context, 0);
}

void Defaults::visit(Value& value, std::uint16_t number, Context& context,
                     std::size_t depth) const {
    if (!value.is_object() || depth > kube::max_value_depth) return;
    const auto& message = messages_[number];
    for (const auto apply : message.rules) apply(value, context);
    for (const auto& [standard, is_scalar] : message.fixed) {
        if (is_scalar) {
            set_if_zero(value, standard->field, standard->value);
        } else {
            set_if_nil(value, standard->field, standard->value);
        }
    }
    for (const auto& [name, below, label] : message.below) {
        auto* found = member(value, name);
        if (!found) continue;
        if (label == Label::singular) {
            visit(*found, below, context, depth + 1);
        } else if (label == Label::repeated) {
            for (auto& item : found->items) visit(item, below, context, depth + 1);
        } else {
            for (auto& entry : found->members) visit(entry.value, below, context, depth + 1);
        }
    }
}

}  // namespace salvor::convert
