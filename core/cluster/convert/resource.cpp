#include <array>

#include "core/cluster/convert/conversion.hpp"

// resource.k8s.io; the hub is v1. What 1.26 to 1.30 had (v1alpha1, v1alpha2) no server converts.

namespace salvor::convert {
namespace {

/// What stood in a request itself and stands in `exactly` since v1beta2.
constexpr std::array<Bytes, 7> exact_fields{"deviceClassName", "selectors",   "allocationMode",
                                            "count",           "adminAccess", "tolerations",
                                            "capacity"};

void request_to_hub(Value& request) {
    auto exactly = Value::object();
    bool is_set = false;
    for (const auto name : exact_fields) {
        const auto* found = request.find(name);
        is_set = is_set ||
                 (found && !found->is_null() && !(found->is_string() && found->string.empty()) &&
                  !(name == "count" && is_zero(found)));
        move_member(request, name, exactly, name);
    }
    if (is_set) request.set("exactly", std::move(exactly));
}

void request_from_hub(Value& request) {
    auto* found = member(request, "exactly");
    if (!found) return;
    auto exactly = std::move(*found);
    request.erase("exactly");
    for (const auto name : exact_fields) move_member(exactly, name, request, name);
}

template <void (*change)(Value&)>
void claim(Value& claim, Context&) {
    for (auto& request : items(claim, {"spec", "devices", "requests"})) change(request);
}
template <void (*change)(Value&)>
void claim_template(Value& claim, Context&) {
    for (auto& request : items(claim, {"spec", "spec", "devices", "requests"})) change(request);
}

void slice_to_hub(Value& slice, Context&) {
    auto& spec = object_at(slice, "spec");
    for (const Bytes name : {"nodeName", "allNodes"}) {
        if (is_zero(spec.find(name))) spec.erase(name);
    }
    for (auto& device : items(spec, {"devices"})) {
        auto* found = member(device, "basic");
        if (!found) continue;
        auto basic = std::move(*found);
        device.erase("basic");
        for (auto& [name, value] : basic.members) device.set(name, std::move(value));
    }
}

void slice_from_hub(Value& slice, Context&) {
    for (auto& device : items(slice, {"spec", "devices"})) {
        auto basic = Value::object();
        const auto name = device.find("name") ? *device.find("name") : Value{};
        device.erase("name");
        basic.members = std::move(device.members);
        device = made({{"name", name}, {"basic", std::move(basic)}});
    }
}

/// A capacity was a quantity alone.
void slice_alpha_to_hub(Value& slice, Context& context) {
    slice_to_hub(slice, context);
    for (auto& device : items(slice, {"spec", "devices"})) {
        auto* capacity = member(device, "capacity");
        if (!capacity) continue;
        for (auto& entry : capacity->members) entry.value = made({{"value", entry.value}});
    }
}

void slice_alpha_from_hub(Value& slice, Context& context) {
    for (auto& device : items(slice, {"spec", "devices"})) {
        auto* capacity = member(device, "capacity");
        if (!capacity) continue;
        for (auto& entry : capacity->members) {
            const auto* value = entry.value.find("value");
            entry.value = value ? Value(*value) : Value{};
        }
    }
    slice_from_hub(slice, context);
}

constexpr Bytes beta1 = "resource.k8s.io/v1beta1", alpha3 = "resource.k8s.io/v1alpha3";

constexpr std::array all{
    Conversion{beta1, "ResourceClaim", claim<request_to_hub>, claim<request_from_hub>},
    Conversion{beta1, "ResourceClaimTemplate", claim_template<request_to_hub>,
               claim_template<request_from_hub>},
    Conversion{beta1, "ResourceSlice", slice_to_hub, slice_from_hub},
    Conversion{alpha3, "ResourceClaim", claim<request_to_hub>, claim<request_from_hub>},
    Conversion{alpha3, "ResourceClaimTemplate", claim_template<request_to_hub>,
               claim_template<request_from_hub>},
    Conversion{alpha3, "ResourceSlice", slice_alpha_to_hub, slice_alpha_from_hub},
};

}  // namespace

std::span<const Conversion> resource_conversions() {
    return all;
}

}  // namespace salvor::convert
