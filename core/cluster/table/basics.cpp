#include <fmt/format.h>

#include <algorithm>

#include <set>

#include "core/cluster/table/cells.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::table {
namespace {

using kube::Value;

constexpr auto wide = Width::wide;

/// What kinds without columns of their own are shown by.
constexpr Column created_at[] = {
    {"NAME", name},
    {"CREATED AT", time_at, created},
};

// -- Node

std::string node_status(const Subject& subject, std::string_view) {
    const auto* ready = condition_of(subject.object, "Ready");
    std::string status = !ready                            ? "Unknown"
                         : ready->text("status") == "True" ? "Ready"
                                                           : "NotReady";
    if (is_true(subject.object, "spec.unschedulable")) status += ",SchedulingDisabled";
    return status;
}

std::string node_roles(const Subject& subject, std::string_view) {
    constexpr std::string_view prefix = "node-role.kubernetes.io/";
    std::set<std::string> roles;
    if (const auto* labels = at(subject.object, "metadata.labels")) {
        for (const auto& [key, value] : labels->members) {
            if (key.size() > prefix.size() && key.starts_with(prefix))
                roles.emplace(key.substr(prefix.size()));
            if (key == "kubernetes.io/role" && !value.string.empty()) roles.emplace(value.string);
        }
    }
    return roles.empty() ? "<none>" : join({roles.begin(), roles.end()}, ",");
}

/// The first address of a type.
std::string node_address(const Subject& subject, std::string_view type) {
    for (const auto& address : items_at(subject.object, "status.addresses")) {
        if (address.text("type") == type) return std::string(address.text("address"));
    }
    return "<none>";
}

std::string node_kernel(const Subject& subject, std::string_view path) {
    constexpr std::uint8_t names_architecture_since = 36;
    const auto architecture = string_at(subject.object, "status.nodeInfo.architecture");
    auto kernel = text_or_unknown(subject, path);
    if (subject.release >= names_architecture_since && !architecture.empty())
        kernel += fmt::format(" ({})", architecture);
    return kernel;
}

constexpr Column node[] = {
    {"NAME", name},
    {"STATUS", node_status},
    {"ROLES", node_roles},
    {"AGE", age_at, created},
    {"VERSION", text_at, "status.nodeInfo.kubeletVersion"},
    {"INTERNAL-IP", node_address, "InternalIP", wide},
    {"EXTERNAL-IP", node_address, "ExternalIP", wide},
    {"OS-IMAGE", text_or_unknown, "status.nodeInfo.osImage", wide},
    {"KERNEL-VERSION", node_kernel, "status.nodeInfo.kernelVersion", wide},
    {"CONTAINER-RUNTIME", text_or_unknown, "status.nodeInfo.containerRuntimeVersion", wide},
};

// -- Event; in the shape of events.k8s.io as well, where names differ

const Value* either(const Value& object, std::string_view path, std::string_view other) {
    const auto* found = at(object, path);
    return found && !found->is_null() ? found : at(object, other);
}

std::string first_seen(const Subject& subject, std::string_view) {
    const auto* first = either(subject.object, "firstTimestamp", "deprecatedFirstTimestamp");
    return age_of(subject, time_of(first) ? first : subject.object.find("eventTime"));
}
std::string last_seen(const Subject& subject, std::string_view) {
    if (has(subject.object, "series")) return age_at(subject, "series.lastObservedTime");
    const auto* last = either(subject.object, "lastTimestamp", "deprecatedLastTimestamp");
    return time_of(last) ? age_of(subject, last) : first_seen(subject, {});
}

std::string event_object(const Subject& subject, std::string_view) {
    const auto* about = either(subject.object, "involvedObject", "regarding");
    if (!about) return {};
    const auto named = about->text("name");
    return lower(about->text("kind")) + (named.empty() ? "" : "/" + std::string(named));
}
std::string event_part(const Subject& subject, std::string_view path) {
    const auto* about = either(subject.object, "involvedObject", "regarding");
    return about ? text_of(about->find(path)) : std::string{};
}

std::string event_source(const Subject& subject, std::string_view) {
    const auto& event = subject.object;
    const auto* source = either(event, "source", "deprecatedSource");
    auto component = source ? text_of(source->find("component")) : std::string{};
    auto host = source ? text_of(source->find("host")) : std::string{};
    if (component.empty())
        component = text_of(either(event, "reportingComponent", "reportingController"));
    if (host.empty()) host = text_of(event.find("reportingInstance"));
    return host.empty() ? component : component + ", " + host;
}

/// White space as Go's unicode.IsSpace has it.
bool is_space(std::uint32_t code) {
    return (code >= '\t' && code <= '\r') || code == ' ' || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}
std::string event_message(const Subject& subject, std::string_view) {
    const auto message = text_of(either(subject.object, "message", "note"));
    std::size_t first = message.size(), behind = message.size();
    for (std::size_t i = 0; i < message.size();) {
        const auto code = text::first_code_point(Bytes(message).substr(i));
        const auto size = std::max<std::size_t>(code.size, 1);
        if (code.size == 0 || !is_space(code.value)) {
            first = std::min(first, i);
            behind = i + size;
        }
        i += size;
    }
    return message.substr(first, behind - first);
}

std::string event_count(const Subject& subject, std::string_view) {
    constexpr std::uint8_t counts_series_alone_since = 23;
    if (has(subject.object, "series")) {
        const auto count = integer_at(subject.object, "series.count");
        return std::to_string(count + (subject.release < counts_series_alone_since ? 1 : 0));
    }
    const auto text = text_of(either(subject.object, "count", "deprecatedCount"));
    return text.empty() || text == "0" ? "1" : text;
}

constexpr Column event[] = {
    {"LAST SEEN", last_seen},
    {"TYPE", text_at, "type"},
    {"REASON", text_at, "reason"},
    {"OBJECT", event_object},
    {"SUBOBJECT", event_part, "fieldPath", wide},
    {"SOURCE", event_source, {}, wide},
    {"MESSAGE", event_message},
    {"FIRST SEEN", first_seen, {}, wide},
    {"COUNT", event_count, {}, wide},
    {"NAME", name, {}, wide},
};

// -- Namespace and what is in it

constexpr Column namespace_[] = {
    {"NAME", name},
    {"STATUS", text_at, "status.phase"},
    {"AGE", age_at, created},
};

constexpr Column secret[] = {
    {"NAME", name},
    {"TYPE", text_at, "type"},
    {"DATA", count_at, "data"},
    {"AGE", age_at, created},
};

std::string data_and_binary_data(const Subject& subject, std::string_view) {
    std::size_t count = 0;
    for (const auto* path : {"data", "binaryData"}) {
        if (const auto* data = subject.object.find(path)) count += data->members.size();
    }
    return std::to_string(count);
}
constexpr Column config_map[] = {
    {"NAME", name},
    {"DATA", data_and_binary_data},
    {"AGE", age_at, created},
};

constexpr Column service_account[] = {
    {"NAME", name},
    {.header = "SECRETS", .cell = count_at, .path = "secrets", .until = 34},
    {"AGE", age_at, created},
};

enum class Quota { requests, limits };
/// `name: used/hard` by name; those that begin with "limits." stand apart.
std::string quota(const Subject& subject, Quota wanted) {
    const auto* hard = at(subject.object, "status.hard");
    const auto* used = at(subject.object, "status.used");
    std::vector<std::string> parts;
    for (const auto& [resource, most] : hard ? hard->members : std::vector<Value::Member>{}) {
        if (resource.starts_with("limits.") != (wanted == Quota::limits)) continue;
        const auto now = text_of(used ? used->find(resource) : nullptr);
        parts.push_back(
            fmt::format("{}: {}/{}", resource, now.empty() ? "0" : now, text_of(&most)));
    }
    std::sort(parts.begin(), parts.end());
    return join(parts, ", ");
}
std::string quota_requests(const Subject& subject, std::string_view) {
    return quota(subject, Quota::requests);
}
std::string quota_limits(const Subject& subject, std::string_view) {
    return quota(subject, Quota::limits);
}
constexpr Column resource_quota[] = {
    {"NAME", name},
    {.header = "AGE", .cell = age_at, .path = created, .until = 32},
    {"REQUEST", quota_requests},
    {"LIMIT", quota_limits},
    {.header = "AGE", .cell = age_at, .path = created, .since = 33},
};

// -- what servers say of themselves

constexpr Column lease[] = {
    {"NAME", name},
    {"HOLDER", text_at, "spec.holderIdentity"},
    {"AGE", age_at, created},
};

constexpr Column lease_candidate[] = {
    {"NAME", name},
    {"LEASENAME", text_at, "spec.leaseName"},
    {"BINARYVERSION", text_at, "spec.binaryVersion"},
    {"EMULATIONVERSION", text_at, "spec.emulationVersion"},
    {"AGE", age_at, created},
};

std::string api_service_place(const Subject& subject, std::string_view path) {
    const auto* service = at(subject.object, path);
    if (!service || !service->is_object()) return "Local";
    return fmt::format("{}/{}", service->text("namespace"), service->text("name"));
}
std::string api_service_available(const Subject& subject, std::string_view) {
    const auto* condition = condition_of(subject.object, "Available");
    if (!condition) return "Unknown";
    const auto status = condition->text("status"), reason = condition->text("reason");
    if (status == "True" || reason.empty()) return std::string(status);
    return fmt::format("{} ({})", status, reason);
}
/// Source: kube-aggregator pkg/registry/apiservice/etcd/etcd.go
constexpr Column api_service[] = {
    {"NAME", name},
    {"SERVICE", api_service_place, "spec.service"},
    {"AVAILABLE", api_service_available},
    {"AGE", age_at, created},
};

std::string storage_versions(const Subject& subject, std::string_view path) {
    std::vector<std::string> parts;
    for (const auto& server : items_at(subject.object, path))
        parts.push_back(
            fmt::format("{}={}", server.text("apiServerID"), server.text("encodingVersion")));
    return parts.empty() ? "<unset>" : first_of_many(parts, 3);
}
constexpr Column storage_version[] = {
    {"NAME", name},
    {"COMMONENCODINGVERSION", set_or_unset, "status.commonEncodingVersion"},
    {"STORAGEVERSIONS", storage_versions, "status.storageVersions"},
    {"AGE", age_at, created},
};

std::string migrated_resource(const Subject& subject, std::string_view path) {
    constexpr std::uint8_t without_version_since = 35;
    const auto* resource = at(subject.object, path);
    if (!resource) return {};
    const auto group = resource->text("group");
    if (subject.release < without_version_since)
        return fmt::format("{}.{}.{}", resource->text("resource"), resource->text("version"),
                           group);
    return fmt::format("{}{}{}", resource->text("resource"), group.empty() ? "" : ".", group);
}
std::string migration_status(const Subject& subject, std::string_view) {
    std::string_view status = "Unknown";
    for (const auto& condition : items_at(subject.object, "status.conditions")) {
        const auto type = condition.text("type");
        if (condition.text("status") == "True" &&
            (type == "Running" || type == "Failed" || type == "Succeeded"))
            status = type;
    }
    return std::string(status);
}
constexpr Column storage_version_migration[] = {
    {"NAME", text_at, "metadata.name"},  // no `KIND/` is put before it
    {"RESOURCE", migrated_resource, "spec.resource"},
    {.header = "STATUS", .cell = migration_status, .since = 35},
};

constexpr Kind kinds[] = {
    {"", "Node", node},
    {"", "Event", event},
    {"events.k8s.io", "Event", event},
    {"", "Namespace", namespace_},
    {"", "Secret", secret},
    {"", "ConfigMap", config_map},
    {"", "ServiceAccount", service_account},
    {"", "ResourceQuota", resource_quota},
    {"", "LimitRange", created_at},
    {"apiextensions.k8s.io", "CustomResourceDefinition", created_at},
    {"apiregistration.k8s.io", "APIService", api_service},
    {"coordination.k8s.io", "Lease", lease},
    {"coordination.k8s.io", "LeaseCandidate", lease_candidate},
    {"internal.apiserver.k8s.io", "StorageVersion", storage_version},
    {"storagemigration.k8s.io", "StorageVersionMigration", storage_version_migration},
};

}  // namespace

std::span<const Kind> basics() {
    return kinds;
}

}  // namespace salvor::table
