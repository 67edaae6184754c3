#include "core/diff/noise.hpp"

#include <array>

namespace salvor::diff {
namespace {

using cluster::ObjectKey;

bool is_kind(const ObjectKey& key, Bytes group, Bytes kind) {
    return key.type && key.type->group == group && key.type->kind == kind;
}

bool is_event(const ObjectKey& key) {
    return is_kind(key, "", "Event") || is_kind(key, "events.k8s.io", "Event");
}

bool is_lease(const ObjectKey& key) {
    return is_kind(key, "coordination.k8s.io", "Lease") ||
           is_kind(key, "coordination.k8s.io", "LeaseCandidate");
}

bool is_apiservers_own(const ObjectKey& key) {
    return (key.type && key.type->plural.empty()) || key.name == "compact_rev_key";
}

constexpr std::array objects{
    ObjectRule{"event", "it tells what happened once", is_event},
    ObjectRule{"lease", "its holder renews it and makes it anew", is_lease},
    ObjectRule{"apiserver", "an apiserver keeps its own records in it", is_apiservers_own},
};

FieldRule rule(Bytes name, Bytes what, Bytes path, bool beside_others = false,
               Bytes but_for_kind = {}) {
    return {name, what, FieldPath::parse(path).value(), beside_others, but_for_kind};
}

}  // namespace

std::span<const ObjectRule> object_rules() {
    return objects;
}

const ObjectRule* noise_rule(const ObjectKey& key) {
    for (const auto& one : objects) {
        if (one.holds(key)) return &one;
    }
    return nullptr;
}

const std::vector<FieldRule>& field_rules() {
    static const std::vector<FieldRule> rules{
        rule("resource-version", "metadata.resourceVersion: the revision of the last write",
             "metadata.resourceVersion"),
        rule("managed-fields", "metadata.managedFields: who wrote which field, and when",
             "metadata.managedFields"),
        rule("status",
             "status: controllers and kubelets report in it; a certificate request's counts, "
             "for approval stands there",
             "status", false, "CertificateSigningRequest"),
        rule("leader-election", "the annotation by which a controller says that it leads",
             "metadata.annotations[\"control-plane.alpha.kubernetes.io/leader\"]"),
        rule("generation", "metadata.generation, beside other changes: it counts them",
             "metadata.generation", true),
        rule("last-applied",
             "kubectl's annotation last-applied-configuration, beside other changes: a copy",
             "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]", true),
        rule("workload-revision",
             "a Deployment's annotation that counts its revisions, beside other changes",
             "metadata.annotations[\"deployment.kubernetes.io/revision\"]", true),
    };
    return rules;
}

}  // namespace salvor::diff
