#include <algorithm>
#include <array>

#include "core/cluster/convert/defaults.hpp"

namespace salvor::convert {
namespace {

Value text(Bytes value) {
    return Value::of(value);
}

/// Whether an image is named with the tag "latest", or with neither tag nor digest.
bool is_latest(Bytes image) {
    if (image.find('@') != Bytes::npos) return false;
    const auto last = image.substr(image.rfind('/') + 1);
    const auto colon = last.find(':');
    return colon == Bytes::npos || last.substr(colon + 1) == "latest";
}

void pull_policy(Value& owner, Bytes policy, Bytes image) {
    if (!is_zero(owner.find(policy))) return;
    // An empty name is none, so it has no tag.
    const bool always = !owner.text(image).empty() && is_latest(owner.text(image));
    owner.set(policy, text(always ? "Always" : "IfNotPresent"));
}

/// What the fields of init containers were before they were fields.
void drop_init_annotations(Value& object, Context&) {
    for (const Bytes name :
         {"pod.beta.kubernetes.io/init-containers", "pod.alpha.kubernetes.io/init-containers",
          "pod.beta.kubernetes.io/init-container-statuses",
          "pod.alpha.kubernetes.io/init-container-statuses"})
        drop_annotation(object, name);
}

void container(Value& container, Context&) {
    pull_policy(container, "imagePullPolicy", "image");
}

void ephemeral_container(Value& container, Context& context) {
    constexpr std::uint8_t first_release = 20;
    if (context.release() >= first_release) pull_policy(container, "imagePullPolicy", "image");
}

void volume(Value& volume, Context& context) {
    const bool has_source = std::any_of(
        volume.members.begin(), volume.members.end(),
        [](const Value::Member& one) { return one.name != "name" && !one.value.is_null(); });
    if (!has_source) volume.set("emptyDir", Value::object());
    constexpr std::uint8_t image_volume_beta = 35;
    auto* image = member(volume, "image");
    if (image && context.release() >= image_volume_beta)
        pull_policy(*image, "pullPolicy", "reference");
}

void add_missing(Value& to, Bytes name, const Value* from, bool even_empty = false) {
    if (is_nil(from) || (from->members.empty() && !even_empty)) return;
    auto& list = object_at(to, name);
    for (const auto& [key, value] : from->members) {
        if (!list.find(key)) list.set(key, value);
    }
}

void requests_from_limits(Value& container) {
    auto* resources = member(container, "resources");
    if (!resources) return;
    const auto* limits = resources->find("limits");
    if (is_nil(limits)) return;
    const Value copy = *limits;
    add_missing(*resources, "requests", &copy);
}

/// Source: core/v1/defaults.go, as long as the gate InPlacePodVerticalScaling brought it
void resize_policy(Value& container) {
    const auto* requests = member(container, {"resources", "requests"});
    if (!requests) return;
    for (const Bytes resource : {"cpu", "memory"}) {
        if (!requests->find(resource)) continue;
        auto* policies = member(container, "resizePolicy");
        if (!policies) policies = &container.set("resizePolicy", Value::array());
        const bool has =
            std::any_of(policies->items.begin(), policies->items.end(),
                        [&](auto& one) { return one.text("resourceName") == resource; });
        if (has) continue;
        policies->items.push_back(
            made({{"resourceName", text(resource)}, {"restartPolicy", text("NotRequired")}}));
        requests = member(container, {"resources", "requests"});
    }
}

void host_ports(Value& spec) {
    const auto* host = member(spec, "hostNetwork");
    if (!host || !host->boolean) return;
    for (const Bytes list : {"containers", "initContainers"}) {
        for (auto& container : items(spec, {list})) {
            for (auto& port : items(container, {"ports"})) {
                if (number(port, "containerPort") != 0)
                    set_if_zero(port, "hostPort", Value::of(number(port, "containerPort")));
            }
        }
    }
}

void account_alias(Value& spec) {
    const auto* name = member(spec, "serviceAccountName");
    const auto* alias = member(spec, "serviceAccount");
    const Value account = !is_zero(name) ? *name : !is_zero(alias) ? *alias : Value{};
    for (const Bytes field : {"serviceAccountName", "serviceAccount"}) {
        if (account.is_null()) {
            spec.erase(field);
        } else {
            spec.set(field, account);
        }
    }
}

void pod_spec(Value& spec, Context& context) {
    constexpr std::uint8_t last_in_templates = 27;
    if (context.release() <= last_in_templates) host_ports(spec);
    account_alias(spec);
}

void pod(Value& pod, Context& context) {
    constexpr std::uint8_t resize_release = 33;
    auto& spec = object_at(pod, "spec");
    for (const Bytes list : {"containers", "initContainers"}) {
        if (auto* containers = member(spec, list)) {
            for (auto& container : containers->items) requests_from_limits(container);
        }
    }
    if (context.release() == resize_release) {
        if (auto* containers = member(spec, "containers")) {
            for (auto& container : containers->items) resize_policy(container);
        }
    }
    set_if_nil(spec, "enableServiceLinks", Value::of(true));
    host_ports(spec);
}

void replication_controller(Value& controller, Context&) {
    const auto* labels = member(controller, {"spec", "template", "metadata", "labels"});
    if (!labels) return;
    const Value copy = *labels;
    set_if_zero(object_at(controller, "spec"), "selector", copy);
    set_if_zero(object_at(controller, "metadata"), "labels", copy);
}

void session_affinity(Value& spec) {
    set_if_zero(spec, "sessionAffinity", text("None"));
    if (spec.text("sessionAffinity") == "None") spec.erase("sessionAffinityConfig");
    if (spec.text("sessionAffinity") != "ClientIP") return;
    if (member(spec, {"sessionAffinityConfig", "clientIP", "timeoutSeconds"})) return;
    constexpr std::int64_t three_hours = 10800;
    spec.set("sessionAffinityConfig",
             made({{"clientIP", made({{"timeoutSeconds", Value::of(three_hours)}})}}));
}

bool is_open_outside(Value& spec, Context& context) {
    const auto type = spec.text("type");
    constexpr std::uint8_t external_ips_count = 29;
    return type == "NodePort" || type == "LoadBalancer" ||
           (context.release() >= external_ips_count && type == "ClusterIP" &&
            !items(spec, {"externalIPs"}).empty());
}

void load_balancer(Value& service, Value& spec, Context& context) {
    constexpr std::uint8_t node_ports_beta = 22, ip_mode_beta = 30;
    if (spec.text("type") != "LoadBalancer") return;
    if (context.release() >= node_ports_beta)
        set_if_nil(spec, "allocateLoadBalancerNodePorts", Value::of(true));
    if (context.release() < ip_mode_beta) return;
    for (auto& ingress : items(service, {"status", "loadBalancer", "ingress"})) {
        if (!ingress.text("ip").empty()) set_if_nil(ingress, "ipMode", text("VIP"));
    }
}

void service(Value& service, Context& context) {
    auto& spec = object_at(service, "spec");
    session_affinity(spec);
    set_if_zero(spec, "type", text("ClusterIP"));
    for (auto& port : items(spec, {"ports"})) {
        set_if_zero(port, "protocol", text("TCP"));
        set_if_zero(port, "targetPort", Value::of(number(port, "port")));
    }
    if (is_open_outside(spec, context)) set_if_zero(spec, "externalTrafficPolicy", text("Cluster"));
    constexpr std::uint8_t internal_policy_beta = 22;
    if (context.release() >= internal_policy_beta && spec.text("type") != "ExternalName")
        set_if_nil(spec, "internalTrafficPolicy", text("Cluster"));
    load_balancer(service, spec, context);
}

void persistent_volume(Value& volume, Context&) {
    set_if_zero(object_at(volume, "status"), "phase", text("Pending"));
    auto& spec = object_at(volume, "spec");
    set_if_zero(spec, "persistentVolumeReclaimPolicy", text("Retain"));
    set_if_nil(spec, "volumeMode", text("Filesystem"));
}

void name_space(Value& space, Context& context) {
    constexpr std::uint8_t first_release = 21;
    const auto* name = member(space, {"metadata", "name"});
    if (context.release() < first_release || is_zero(name)) return;
    const Value copy = *name;
    object_at(object_at(space, "metadata"), "labels").set("kubernetes.io/metadata.name", copy);
}

void node_status(Value& status, Context&) {
    if (!is_nil(status.find("allocatable"))) return;
    copy_member(status, "capacity", status, "allocatable");
}

void limit(Value& limit, Context&) {
    if (limit.text("type") != "Container") return;
    const auto copy_of = [&](Bytes name) {
        const auto* found = limit.find(name);
        return found ? *found : Value{};
    };
    const auto most = copy_of("max"), least = copy_of("min");
    add_missing(limit, "default", &most);
    const auto standard = copy_of("default");
    add_missing(limit, "defaultRequest", &standard);
    add_missing(limit, "defaultRequest", &least);
}

constexpr std::array rules{
    DefaultRule{"core.v1.Container", container},
    DefaultRule{"core.v1.EphemeralContainer", ephemeral_container},
    DefaultRule{"core.v1.Volume", volume},
    DefaultRule{"core.v1.PodSpec", pod_spec},
    DefaultRule{"core.v1.Pod", pod},
    DefaultRule{"core.v1.Pod", drop_init_annotations},
    DefaultRule{"core.v1.PodTemplateSpec", drop_init_annotations},
    DefaultRule{"core.v1.ReplicationController", replication_controller},
    DefaultRule{"core.v1.Service", service},
    DefaultRule{"core.v1.PersistentVolume", persistent_volume},
    DefaultRule{"core.v1.Namespace", name_space},
    DefaultRule{"core.v1.NodeStatus", node_status},
    DefaultRule{"core.v1.LimitRangeItem", limit},
};

}  // namespace

std::span<const DefaultRule> core_defaults() {
    return rules;
}

}  // namespace salvor::convert
