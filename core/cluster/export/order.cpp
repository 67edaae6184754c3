#include "core/cluster/export/order.hpp"

#include <algorithm>

namespace salvor::cluster {
namespace {

struct Place {
    Bytes group;
    Bytes kind;  ///< empty: all of the group
    Stage stage;
    std::uint8_t step = 0;
};

/// The first that fits; built-in kinds that are not listed are config.
constexpr std::array places{
    Place{"", "Namespace", Stage::namespaces},
    Place{"apiextensions.k8s.io", "", Stage::definitions},
    Place{"rbac.authorization.k8s.io", "ClusterRole", Stage::rbac},
    Place{"rbac.authorization.k8s.io", "Role", Stage::rbac, 1},
    Place{"rbac.authorization.k8s.io", "", Stage::rbac, 2},
    Place{"", "ServiceAccount", Stage::accounts},
    Place{"storage.k8s.io", "", Stage::storage},
    Place{"", "PersistentVolume", Stage::storage, 1},
    Place{"", "PersistentVolumeClaim", Stage::storage, 2},
    Place{"", "Service", Stage::workloads},
    Place{"scheduling.k8s.io", "PodGroup", Stage::workloads},  // a Workload lets it in
    Place{"", "Endpoints", Stage::workloads, 1},
    Place{"discovery.k8s.io", "", Stage::workloads, 1},
    Place{"policy", "PodDisruptionBudget", Stage::workloads, 1},
    Place{"apps", "", Stage::workloads, 2},
    Place{"batch", "", Stage::workloads, 2},
    Place{"", "Pod", Stage::workloads, 2},
    Place{"", "ReplicationController", Stage::workloads, 2},
    Place{"autoscaling", "", Stage::workloads, 3},
    Place{"networking.k8s.io", "Ingress", Stage::workloads, 3},
    Place{"", "LimitRange", Stage::webhooks},
    Place{"", "ResourceQuota", Stage::webhooks},
    Place{"admissionregistration.k8s.io", "ValidatingAdmissionPolicy", Stage::webhooks},
    Place{"admissionregistration.k8s.io", "MutatingAdmissionPolicy", Stage::webhooks},
    Place{"admissionregistration.k8s.io", "", Stage::webhooks, 1},
    Place{"apiregistration.k8s.io", "", Stage::webhooks, 2},
};

constexpr Place custom{"", "", Stage::custom};
constexpr Place config{"", "", Stage::config};

const Place& place_of(const ObjectKey& key) {
    if (!key.type || key.type->is_custom()) return custom;
    const auto* found = std::find_if(places.begin(), places.end(), [&](const Place& place) {
        return place.group == key.type->group &&
               (place.kind.empty() || place.kind == key.type->kind);
    });
    return found == places.end() ? config : *found;
}

}  // namespace

Stage stage_of(const ObjectKey& key) {
    return place_of(key).stage;
}

std::uint16_t rank_of(const ObjectKey& key) {
    constexpr unsigned steps = 16;
    const auto& place = place_of(key);
    return static_cast<std::uint16_t>(static_cast<unsigned>(place.stage) * steps + place.step);
}

}  // namespace salvor::cluster
