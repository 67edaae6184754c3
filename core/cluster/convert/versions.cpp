#include "core/cluster/convert/versions.hpp"

#include <algorithm>
#include <array>

#include "core/cluster/convert/complete.hpp"

namespace salvor::convert {
namespace {

const Conversion* conversion_of(Bytes api_version, Bytes kind) {
    for (const auto conversions :
         {apps_conversions(), autoscaling_conversions(), core_conversions(),
          networking_conversions(), policy_conversions(), resource_conversions()}) {
        for (const auto& one : conversions) {
            if (one.api_version == api_version && one.kind == kind) return &one;
        }
    }
    return nullptr;
}

/// Alpha versions that were taken away before a release had both them and their successors.
struct Orphan {
    Bytes api_version;
    Bytes kind;  ///< empty: any
};
constexpr std::array orphans{
    Orphan{"resource.k8s.io/v1alpha1", ""},
    Orphan{"resource.k8s.io/v1alpha2", ""},
    Orphan{"coordination.k8s.io/v1alpha1", "LeaseCandidate"},
    Orphan{"scheduling.k8s.io/v1alpha1", "PodGroup"},
    Orphan{"scheduling.k8s.io/v1alpha1", "Workload"},
    Orphan{"scheduling.k8s.io/v1alpha2", "PodGroup"},
    Orphan{"scheduling.k8s.io/v1alpha2", "Workload"},
    Orphan{"storagemigration.k8s.io/v1alpha1", "StorageVersionMigration"},
    Orphan{"certificates.k8s.io/v1alpha1", "PodCertificateRequest"},
};

bool is_orphan(Bytes api_version, Bytes kind) {
    return std::any_of(orphans.begin(), orphans.end(), [&](const Orphan& one) {
        return one.api_version == api_version && (one.kind.empty() || one.kind == kind);
    });
}

/// Groups that have the same objects.
bool are_related(Bytes group, Bytes other) {
    if (group == other) return true;
    const auto is_pair = [&](Bytes old, Bytes grown) {
        return (group == old && other == grown) || (group == grown && other == old);
    };
    return is_pair("extensions", "apps") || is_pair("extensions", "networking.k8s.io") ||
           is_pair("extensions", "policy") || is_pair("", "events.k8s.io") ||
           (group.empty() && other.ends_with(".openshift.io"));  // as OpenShift 3 wrote them
}

}  // namespace

bool Versions::can(Bytes kind, Bytes from, Bytes to) const {
    if (from == to) return true;
    return are_related(kube::split_api_version(from).group, kube::split_api_version(to).group) &&
           !is_orphan(from, kind) && !is_orphan(to, kind) && schema_->find(from, kind) &&
           schema_->find(to, kind);
}

void Versions::convert(Value& object, Bytes to, kube::Document& document) const {
    const auto from = object.text("apiVersion"), kind = object.text("kind");
    const auto* shape = schema_->find(from, kind);
    if (!shape) return;
    Context context{*schema_, document};
    defaults_.apply(object, *shape, context);
    if (!can(kind, from, to)) return;
    const auto* own = conversion_of(from, kind);
    const auto* other = conversion_of(to, kind);
    if (own && own->to_hub) own->to_hub(object, context);
    if (other && other->from_hub) other->from_hub(object, context);
    if (from == to && !(other && other->from_hub)) return;
    object.set("apiVersion", Value::of(document.copy(to)));
    complete(object, *schema_->find(to, kind), *schema_);
}

}  // namespace salvor::convert
