#include "formats/kube/schema/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>

#include "formats/kube/wire.hpp"
#include "formats/text/key_order.hpp"

namespace salvor::kube {
namespace {

using schema::FieldRow;

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

Special special_of(const schema::MessageRow& message) {
    static constexpr std::pair<std::string_view, Special> names[] = {
        {"k8s.io.apimachinery.pkg.apis.meta.v1.Time", Special::time},
        {"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime", Special::micro_time},
        {"k8s.io.apimachinery.pkg.apis.meta.v1.Duration", Special::duration},
        {"k8s.io.apimachinery.pkg.util.intstr.IntOrString", Special::int_or_string},
        {"k8s.io.apimachinery.pkg.api.resource.Quantity", Special::quantity},
        {"k8s.io.apimachinery.pkg.runtime.RawExtension", Special::raw_json},
        {"k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1", Special::raw_json}};
    for (const auto& [name, special] : names) {
        if (message.name == name) return special;
    }
    if (message.name.find(".apiextensions.v1") != std::string_view::npos) {
        if (ends_with(message.name, ".JSON")) return Special::raw_json;
        if (ends_with(message.name, ".JSONSchemaPropsOrBool")) return Special::schema_or_bool;
        if (ends_with(message.name, ".JSONSchemaPropsOrArray")) return Special::schema_or_array;
        if (ends_with(message.name, ".JSONSchemaPropsOrStringArray"))
            return Special::schema_or_string_array;
    }
    const auto& first = schema::fields()[message.first_field];
    const bool nameless_list = first.json_name.empty() && first.label != schema::Label::singular;
    return message.field_count == 1 && nameless_list ? Special::wrapper : Special::none;
}

/// The definition of a field that holds in a release: the row whose range has it, else the newest
/// older one, else the oldest. `rows` are one field's, oldest first.
const FieldRow& definition(std::span<const FieldRow> rows, std::uint8_t release) {
    const FieldRow* best = &rows.front();
    for (const auto& row : rows) {
        if (row.since <= release) best = &row;
    }
    return *best;
}

/// Flattens a message and the messages inline in it into one shape.
class ShapeBuilder {
 public:
    ShapeBuilder(Shape& shape, std::uint8_t release) : shape_(shape), release_(release) {}

    std::int16_t add(const schema::MessageRow& message) {
        const auto table = static_cast<std::int16_t>(shape_.decoders.size());
        shape_.decoders.emplace_back();
        auto rows = schema::fields().subspan(message.first_field, message.field_count);
        std::vector<const FieldRow*> inlines;
        while (!rows.empty()) {
            std::size_t same = 1;
            while (same < rows.size() && rows[same].number == rows[0].number) ++same;
            const auto& row = definition(rows.first(same), release_);
            rows = rows.subspan(same);
            if (row.is_inline && row.type == schema::Type::message &&
                row.label == schema::Label::singular) {
                inlines.push_back(&row);
            } else {
                shape_.decoders[table].push_back({row.number, slot(row), -1});
            }
        }
        // After the own members, which win where a name stands in both.
        for (const auto* row : inlines) {
            const auto nested = add(schema::messages()[row->message]);
            shape_.decoders[table].push_back({row->number, -1, nested});
        }
        std::sort(shape_.decoders[table].begin(), shape_.decoders[table].end(),
                  [](const Decoder& a, const Decoder& b) { return a.number < b.number; });
        return table;
    }

 private:
    std::int16_t slot(const FieldRow& row) {
        for (std::size_t i = 0; i < shape_.slots.size(); ++i) {
            if (shape_.slots[i].json_name == row.json_name) return static_cast<std::int16_t>(i);
        }
        const bool active = row.since <= release_ && release_ <= row.until;
        const bool is_struct =
            row.presence == schema::Presence::structure && row.label == schema::Label::singular;
        shape_.slots.push_back({row.json_name, row.json_key, row.number, row.message, row.type,
                                row.label, row.presence, row.omitempty, row.omitzero, active,
                                !active || (is_struct ? row.omitzero : row.omitempty), false, false,
                                false});
        return static_cast<std::int16_t>(shape_.slots.size() - 1);
    }

    Shape& shape_;
    std::uint8_t release_;
};

/// Puts the slots in the order of their names; the decoders are told their new places.
void order_slots(Shape& shape) {
    std::vector<std::uint16_t> order(shape.slots.size()), place(order.size());
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    std::sort(order.begin(), order.end(), [&](std::uint16_t a, std::uint16_t b) {
        return shape.slots[a].json_name < shape.slots[b].json_name;
    });
    std::vector<Slot> slots;
    slots.reserve(order.size());
    for (const auto from : order) {
        place[from] = static_cast<std::uint16_t>(slots.size());
        slots.push_back(shape.slots[from]);
    }
    shape.slots = std::move(slots);
    for (auto& decoders : shape.decoders) {
        for (auto& decoder : decoders) {
            if (decoder.slot < 0) continue;
            decoder.slot = static_cast<std::int16_t>(place[static_cast<std::size_t>(decoder.slot)]);
        }
    }
}

/// What a renderer asks of a shape for each message.
void add_shortcuts(Shape& shape) {
    assert(shape.slots.size() <= max_slots);
    for (std::size_t i = 0; i < shape.slots.size(); ++i) {
        auto& slot = shape.slots[i];
        if (!slot.silent) shape.always |= std::uint64_t{1} << i;
        slot.takes_lengths = takes_wire_type(slot, protozero::pbf_wire_type::length_delimited);
        slot.takes_varints = takes_wire_type(slot, protozero::pbf_wire_type::varint);
        slot.is_text = slot.label != schema::Label::map &&
                       (slot.type == schema::Type::string || slot.type == schema::Type::bytes);
    }
    for (const auto& decoder : shape.decoders[0]) {
        if (decoder.number < shape.slot_of.size() && decoder.slot >= 0)
            shape.slot_of[decoder.number] = static_cast<std::uint8_t>(decoder.slot + 1);
    }
}

template <class Less>
std::vector<std::uint16_t> ordered(const std::vector<Slot>& slots, Less less) {
    std::vector<std::uint16_t> order(slots.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
    std::sort(order.begin(), order.end(), [&](std::uint16_t a, std::uint16_t b) {
        return less(slots[a].json_name, slots[b].json_name);
    });
    return order;
}

/// Groups whose messages live in a package that is not named after their first label.
std::string message_package(std::string_view group) {
    if (group.empty()) return "k8s.io.api.core";
    if (group == "internal.apiserver.k8s.io") return "k8s.io.api.apiserverinternal";
    if (group == "apiextensions.k8s.io")
        return "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions";
    if (group == "apiregistration.k8s.io") return "k8s.io.kube_aggregator.pkg.apis.apiregistration";
    const auto first = group.substr(0, group.find('.'));
    if (!ends_with(group, ".openshift.io")) return fmt::format("k8s.io.api.{}", first);
    if (group == "cloud.network.openshift.io") return "github.com.openshift.api.cloudnetwork";
    if (group == "network.operator.openshift.io") return "github.com.openshift.api.networkoperator";
    return fmt::format("github.com.openshift.api.{}", first);
}

}  // namespace

Schema::Schema(std::uint8_t release) : release_(release), shapes_(schema::messages().size()) {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
        const auto& message = schema::messages()[i];
        auto& shape = shapes_[i];
        shape.name = message.name;
        shape.special = message.field_count > 0 ? special_of(message) : Special::none;
        ShapeBuilder(shape, release).add(message);
        order_slots(shape);
        add_shortcuts(shape);
        shape.yaml_order = ordered(shape.slots, text::key_less);
    }
    mark_holders();
}

/// FieldsV1 has names of fields alone, so it is none.
void Schema::mark_holders() {
    for (auto& shape : shapes_) {
        shape.holds_any = shape.special == Special::raw_json && !ends_with(shape.name, ".FieldsV1");
    }
    const auto holds = [this](const Slot& slot) {
        return slot.type == schema::Type::message && shapes_[slot.message].holds_any;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (auto& shape : shapes_) {
            if (shape.holds_any || !std::any_of(shape.slots.begin(), shape.slots.end(), holds))
                continue;
            shape.holds_any = changed = true;
        }
    }
}

const Shape* Schema::find(std::string_view message) const {
    const auto all = schema::messages();
    const auto found = std::lower_bound(
        all.begin(), all.end(), message,
        [](const schema::MessageRow& row, std::string_view name) { return row.name < name; });
    if (found == all.end() || found->name != message) return nullptr;
    return &shapes_[static_cast<std::size_t>(found - all.begin())];
}

const Shape* Schema::find(std::string_view api_version, std::string_view kind) const {
    static thread_local std::string name;  // asked for each object, so its room is kept
    name.assign(api_version).append(1, '\n').append(kind);
    const std::lock_guard lock(mutex_);
    const auto known = answers_.find(name);
    if (known != answers_.end()) return known->second;
    const auto* shape = search(api_version, kind);
    if (answers_.size() < max_answers) answers_.emplace(name, shape);
    return shape;
}

const Shape* Schema::search(std::string_view api_version, std::string_view kind) const {
    const auto [group, version] = split_api_version(api_version);
    const bool is_core = group.empty() && version == "v1";
    // The API's own kinds (Status, DeleteOptions) go under any group; core/v1 had some of them once
    // itself.
    const auto* own = find(fmt::format("k8s.io.apimachinery.pkg.apis.meta.v1.{}", kind));
    if (own && is_core) return own;
    if (const auto* shape = find(fmt::format("{}.{}.{}", message_package(group), version, kind)))
        return shape;
    if (!is_core) return own;
    // OpenShift 3 wrote its kinds without a group.
    for (const auto& shape : shapes_) {
        if (shape.name.starts_with("github.com.openshift.api.") &&
            ends_with(shape.name, fmt::format(".v1.{}", kind)))
            return &shape;
    }
    return nullptr;
}

GroupVersion split_api_version(std::string_view api_version) {
    const auto slash = api_version.find('/');
    if (slash == std::string_view::npos) return {{}, api_version};
    return {api_version.substr(0, slash), api_version.substr(slash + 1)};
}

}  // namespace salvor::kube
