#include <array>

#include "core/cluster/convert/conversion.hpp"

// networking.k8s.io and discovery.k8s.io; the hubs are their v1.

namespace salvor::convert {
namespace {

void backend_to_hub(Value& backend) {
    const auto* port = member(backend, "servicePort");
    const bool is_name = port && port->is_string();
    if (!backend.text("serviceName").empty() || is_name || !is_zero(port)) {
        auto own = Value::object();
        if (port && !is_zero(port)) own.set(is_name ? "name" : "number", *port);
        backend.set("service", made({{"name", Value::of(backend.text("serviceName"))},
                                     {"port", std::move(own)}}));
    }
    backend.erase("serviceName");
    backend.erase("servicePort");
}

void backend_from_hub(Value& backend) {
    auto* service = member(backend, "service");
    if (!service) return;
    const auto name = service->text("name");
    Value port = Value::of(std::int64_t{0});
    if (const auto* named = member(*service, {"port", "name"}); !is_zero(named)) {
        port = *named;
    } else if (const auto* numbered = member(*service, {"port", "number"})) {
        port = *numbered;
    }
    backend.erase("service");
    backend.set("serviceName", Value::of(name));
    backend.set("servicePort", std::move(port));
}

void each_backend(Value& ingress, void (*change)(Value&)) {
    if (auto* backend = member(ingress, {"spec", "defaultBackend"})) change(*backend);
    for (auto& rule : items(ingress, {"spec", "rules"})) {
        auto* paths = member(rule, {"http", "paths"});
        if (!paths) continue;
        for (auto& path : paths->items) {
            if (auto* backend = member(path, "backend")) change(*backend);
        }
    }
}

void ingress_to_hub(Value& ingress, Context&) {
    rename(object_at(ingress, "spec"), "backend", "defaultBackend");
    each_backend(ingress, backend_to_hub);
}

void ingress_from_hub(Value& ingress, Context&) {
    each_backend(ingress, backend_from_hub);
    rename(object_at(ingress, "spec"), "defaultBackend", "backend");
}

constexpr Bytes zone_label = "topology.kubernetes.io/zone";
constexpr Bytes host_label = "kubernetes.io/hostname";

/// v1beta1 had a map of topology; v1 has fields for what was well known in it. A host name that is
/// not the node's stays in the map.
void slice_to_hub(Value& slice, Context&) {
    for (auto& endpoint : items(slice, {"endpoints"})) {
        auto* topology = member(endpoint, "topology");
        if (!topology) continue;
        auto rest = std::move(*topology);
        endpoint.erase("topology");
        move_member(rest, zone_label, endpoint, "zone");
        const auto* node = endpoint.find("nodeName");
        const auto* host = rest.find(host_label);
        if (node && host && *node == *host) rest.erase(host_label);
        if (!rest.members.empty()) endpoint.set("deprecatedTopology", std::move(rest));
    }
}

void slice_from_hub(Value& slice, Context&) {
    for (auto& endpoint : items(slice, {"endpoints"})) {
        Value topology = Value::object();
        if (auto* rest = member(endpoint, "deprecatedTopology")) topology = std::move(*rest);
        endpoint.erase("deprecatedTopology");
        move_member(endpoint, "zone", topology, zone_label);
        if (const auto* node = member(endpoint, "nodeName"))
            set_if_zero(topology, host_label, *node);
        if (!topology.members.empty()) endpoint.set("topology", std::move(topology));
    }
}

constexpr std::array all{
    Conversion{"networking.k8s.io/v1beta1", "Ingress", ingress_to_hub, ingress_from_hub},
    Conversion{"extensions/v1beta1", "Ingress", ingress_to_hub, ingress_from_hub},
    Conversion{"discovery.k8s.io/v1beta1", "EndpointSlice", slice_to_hub, slice_from_hub},
    Conversion{"discovery.k8s.io/v1alpha1", "EndpointSlice", slice_to_hub, slice_from_hub},
};

}  // namespace

std::span<const Conversion> networking_conversions() {
    return all;
}

}  // namespace salvor::convert
