#include <fmt/format.h>

#include <algorithm>

#include "core/cluster/table/cells.hpp"

// resource.k8s.io

namespace salvor::table {
namespace {

using kube::Value;

constexpr Column named[] = {
    {"NAME", name},
    {"AGE", age_at, created},
};

std::string claim_state(const Subject& subject, std::string_view) {
    constexpr std::uint8_t no_longer_deallocates = 32;
    const auto& claim = subject.object;
    const bool deleting = is_deleting(claim);
    std::vector<std::string> states;
    if (deleting) states.emplace_back("deleted");
    if (has(claim, "status.allocation")) {
        states.emplace_back("allocated");
        if (!items_at(claim, "status.reservedFor").empty()) {
            states.emplace_back("reserved");
        } else if (subject.release < no_longer_deallocates &&
                   (deleting || is_true(claim, "status.deallocationRequested"))) {
            states.emplace_back("deallocating");
        }
    } else if (!deleting) {
        states.emplace_back("pending");
    }
    return join(states, ",");
}

constexpr Column claim[] = {
    {"NAME", name},
    {.header = "RESOURCECLASSNAME", .cell = text_at, .path = "spec.resourceClassName", .until = 30},
    {.header = "ALLOCATIONMODE", .cell = text_at, .path = "spec.allocationMode", .until = 30},
    {"STATE", claim_state},
    {"AGE", age_at, created},
};

constexpr Column claim_template[] = {
    {"NAME", name},
    {.header = "RESOURCECLASSNAME",
     .cell = text_at,
     .path = "spec.spec.resourceClassName",
     .until = 30},
    {.header = "ALLOCATIONMODE", .cell = text_at, .path = "spec.spec.allocationMode", .until = 30},
    {"AGE", age_at, created},
};

constexpr Column resource_class[] = {
    {"NAME", name},
    {"DRIVERNAME", text_at, "driverName"},
    {"AGE", age_at, created},
};

std::string generated_from(const Subject& subject, std::string_view path) {
    const auto* source = at(subject.object, path);
    if (!source || !source->is_object()) return {};
    return fmt::format("{}.{} {}", source->text("kind"), source->text("apiGroup"),
                       source->text("name"));
}
constexpr Column parameters[] = {
    {"NAME", name},
    {"GENERATEDFROM", generated_from, "generatedFrom"},
    {"AGE", age_at, created},
};

constexpr Column scheduling_context[] = {
    {"NAME", name},
    {"SELECTEDNODE", text_at, "spec.selectedNode"},
    {"AGE", age_at, created},
};

/// 1.30 had them without a spec.
std::string of_slice(const Subject& subject, std::string_view path) {
    if (subject.object.find("spec")) return text_at(subject, path);
    return text_at(subject, path == "spec.driver" ? "driverName" : "nodeName");
}
constexpr Column resource_slice[] = {
    {"NAME", name},
    {"NODE", of_slice, "spec.nodeName"},
    {"DRIVER", of_slice, "spec.driver"},
    {.header = "POOL", .cell = text_at, .path = "spec.pool.name", .since = 31},
    {"AGE", age_at, created},
};

// -- ResourcePoolStatusRequest

/// The condition that ended it; nullptr while it is pending.
const Value* ending(const Value& request) {
    for (const auto& condition : items_at(request, "status.conditions")) {
        const auto type = condition.text("type");
        if (condition.text("status") == "True" && (type == "Complete" || type == "Failed"))
            return &condition;
    }
    return nullptr;
}
bool is_counted(const Value& request) {
    const auto* end = ending(request);
    return has(request, "status") && (!end || end->text("type") != "Failed");
}
std::string devices_in_pools(const Subject& subject, std::string_view field) {
    if (!is_counted(subject.object)) return "-";
    std::int64_t sum = 0;
    for (const auto& pool : items_at(subject.object, "status.pools"))
        sum += static_cast<std::int32_t>(integer_at(pool, field));
    return std::to_string(sum);
}
std::string pools_in_error(const Subject& subject, std::string_view) {
    if (!is_counted(subject.object)) return "-";
    const auto pools = items_at(subject.object, "status.pools");
    return std::to_string(std::count_if(pools.begin(), pools.end(), [](const Value& pool) {
        return has(pool, "validationError");
    }));
}
std::string pools_status(const Subject& subject, std::string_view) {
    const auto* end = ending(subject.object);
    if (!end) return "Pending";
    const auto shown = static_cast<std::int64_t>(items_at(subject.object, "status.pools").size());
    const auto count = integer_at(subject.object, "status.poolCount");
    if (end->text("type") == "Complete" && count > shown)
        return fmt::format("Complete ({}/{} pools)", shown, count);
    return std::string(end->text("type"));
}
std::string pools_completed(const Subject& subject, std::string_view) {
    const auto* end = ending(subject.object);
    if (!end || end->text("type") != "Complete") return "<none>";
    return age_of(subject, end->find("lastTransitionTime"));
}
constexpr Column pool_status_request[] = {
    {"NAME", name},
    {"DRIVER", text_at, "spec.driver"},
    {"TOTAL", devices_in_pools, "totalDevices"},
    {"AVAILABLE", devices_in_pools, "availableDevices"},
    {"ALLOCATED", devices_in_pools, "allocatedDevices"},
    {"UNAVAILABLE", devices_in_pools, "unavailableDevices"},
    {"ERRORS", pools_in_error},
    {"POOLS", number_at, "status.poolCount"},
    {"STATUS", pools_status},
    {"COMPLETED", pools_completed},
};

std::string time_added(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? age_at(subject, path) : std::string{};
}
constexpr Column taint_rule[] = {
    {"NAME", name},
    {"KEY", text_at, "spec.taint.key"},
    {"VALUE", text_at, "spec.taint.value"},
    {"EFFECT", text_at, "spec.taint.effect"},
    {"TIMEADDED", time_added, "spec.taint.timeAdded"},
    {"AGE", age_at, created},
};

constexpr std::string_view group = "resource.k8s.io";
constexpr Kind kinds[] = {
    {group, "DeviceClass", named},
    {group, "ResourceClaim", claim},
    {group, "ResourceClaimTemplate", claim_template},
    {group, "ResourceClass", resource_class},
    {group, "ResourceClaimParameters", parameters},
    {group, "ResourceClassParameters", parameters},
    {group, "PodSchedulingContext", scheduling_context},
    {group, "ResourceSlice", resource_slice},
    {group, "ResourcePoolStatusRequest", pool_status_request},
    {group, "DeviceTaintRule", taint_rule},
};

}  // namespace

std::span<const Kind> devices() {
    return kinds;
}

}  // namespace salvor::table
