#include "core/cluster/export/omission.hpp"

#include <algorithm>
#include <array>

// Source: kubernetes pkg/controlplane (what an apiserver makes for itself), pkg/controller/*,
// plugin/pkg/auth/authorizer/rbac/bootstrappolicy, kube-aggregator pkg/controllers/autoregister,
// apiserver pkg/apis/flowcontrol/bootstrap

namespace salvor::cluster {
namespace {

using kube::Value;

constexpr Bytes rbac = "rbac.authorization.k8s.io";

bool is_one_of(Bytes word, std::initializer_list<Bytes> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_terminating(const Subject& subject, const Surroundings&) {
    const auto* time = subject.at({"metadata", "deletionTimestamp"});
    return time && !time->is_null();
}

bool is_controlled(const Subject& subject, const Surroundings&) {
    const auto* owners = subject.at({"metadata", "ownerReferences"});
    return owners && std::any_of(owners->items.begin(), owners->items.end(), [](const Value& one) {
               const auto* controller = one.find("controller");
               return controller && controller->type == Value::Type::boolean && controller->boolean;
           });
}

bool is_mirror_pod(const Subject& subject, const Surroundings&) {
    return subject.is("", "Pod") && subject.has_annotation("kubernetes.io/config.mirror");
}

bool is_event(const Subject& subject, const Surroundings&) {
    return subject.kind == "Event" && is_one_of(subject.group, {"", "events.k8s.io"});
}

bool is_lease(const Subject& subject, const Surroundings&) {
    return subject.group == "coordination.k8s.io";
}

bool is_followed_endpoints(const Subject& subject, const Surroundings& surroundings) {
    if (!subject.is("", "Endpoints")) return false;
    if (subject.namespace_name == "default" && subject.name == "kubernetes") return true;
    if (subject.has_annotation("control-plane.alpha.kubernetes.io/leader")) return true;
    if (subject.label("endpoints.kubernetes.io/managed-by") == "endpoint-controller") return true;
    return surroundings.selecting_services.contains(
        fmt::format("{}/{}", subject.namespace_name, subject.name));
}

bool is_managed_slice(const Subject& subject, const Surroundings&) {
    if (!subject.is("discovery.k8s.io", "EndpointSlice")) return false;
    if (subject.namespace_name == "default" && subject.name == "kubernetes") return true;
    return is_one_of(
        subject.label("endpointslice.kubernetes.io/managed-by"),
        {"endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"});
}

bool is_controller_revision(const Subject& subject, const Surroundings&) {
    return subject.is("apps", "ControllerRevision");
}

bool is_published_config_map(const Subject& subject, const Surroundings&) {
    if (!subject.is("", "ConfigMap")) return false;
    if (is_one_of(subject.name, {"kube-root-ca.crt", "openshift-service-ca.crt"})) return true;
    return subject.namespace_name == "kube-system" &&
           is_one_of(subject.name, {"extension-apiserver-authentication",
                                    "kube-apiserver-legacy-service-account-token-tracking"});
}

/// With settings of its own it goes out.
bool is_plain_default_account(const Subject& subject, const Surroundings&) {
    if (!subject.is("", "ServiceAccount") || subject.name != "default") return false;
    return !subject.at({"imagePullSecrets"}) && !subject.at({"automountServiceAccountToken"}) &&
           !subject.at({"metadata", "labels"}) && !subject.at({"metadata", "annotations"});
}

bool is_token_secret(const Subject& subject, const Surroundings&) {
    const auto* type = subject.at({"type"});
    return subject.is("", "Secret") && type &&
           type->string == "kubernetes.io/service-account-token";
}

bool is_bootstrap_rbac(const Subject& subject, const Surroundings&) {
    return subject.group == rbac &&
           subject.label("kubernetes.io/bootstrapping") == "rbac-defaults" &&
           subject.annotation("rbac.authorization.kubernetes.io/autoupdate") == "true";
}

bool is_system_priority(const Subject& subject, const Surroundings&) {
    return subject.is("scheduling.k8s.io", "PriorityClass") && subject.name.starts_with("system-");
}

bool is_automanaged_api(const Subject& subject, const Surroundings&) {
    return subject.is("apiregistration.k8s.io", "APIService") &&
           !subject.label("kube-aggregator.kubernetes.io/automanaged").empty();
}

bool is_bootstrap_flow(const Subject& subject, const Surroundings&) {
    return subject.group == "flowcontrol.apiserver.k8s.io" &&
           (subject.annotation("apf.kubernetes.io/autoupdate-spec") == "true" ||
            is_one_of(subject.name, {"exempt", "catch-all"}));
}

bool is_system_namespace(const Subject& subject, const Surroundings&) {
    if (!subject.is("", "Namespace") ||
        !is_one_of(subject.name, {"default", "kube-system", "kube-public", "kube-node-lease"}))
        return false;
    const auto* labels = subject.at({"metadata", "labels"});
    const bool own_label =
        labels &&
        std::any_of(labels->members.begin(), labels->members.end(),
                    [](const auto& label) { return label.name != "kubernetes.io/metadata.name"; });
    return !own_label && !subject.at({"metadata", "annotations"});
}

bool is_of_the_apiserver(const Subject& subject, const Surroundings&) {
    if (subject.is("", "Service"))
        return subject.namespace_name == "default" && subject.name == "kubernetes";
    if (subject.is("networking.k8s.io", "ServiceCIDR")) return subject.name == "kubernetes";
    return subject.group == "internal.apiserver.k8s.io" || subject.kind == "RangeAllocation" ||
           subject.is("networking.k8s.io", "IPAddress");
}

bool is_of_a_node(const Subject& subject, const Surroundings&) {
    return subject.is("", "Node") || subject.is("storage.k8s.io", "CSINode") ||
           subject.is("storage.k8s.io", "VolumeAttachment") ||
           subject.is("storage.k8s.io", "CSIStorageCapacity") ||
           subject.is("resource.k8s.io", "ResourceSlice");
}

bool is_spent_request(const Subject& subject, const Surroundings&) {
    return subject.is("certificates.k8s.io", "CertificateSigningRequest") ||
           subject.is("certificates.k8s.io", "PodCertificateRequest");
}

constexpr std::array rules{
    OmissionRule{"terminating", "it was being deleted", is_terminating},
    OmissionRule{"controlled", "its owner's controller makes it anew", is_controlled},
    OmissionRule{"mirror-pod", "a kubelet shows a static pod by it", is_mirror_pod},
    OmissionRule{"event", "it tells what happened once", is_event},
    OmissionRule{"lease", "its holder makes it anew", is_lease},
    OmissionRule{"endpoints", "a controller makes it of the Service's pods", is_followed_endpoints},
    OmissionRule{"endpoint-slice", "a controller makes it of the Service's pods", is_managed_slice},
    OmissionRule{"controller-revision", "its workload's controller makes it anew",
                 is_controller_revision},
    OmissionRule{"published-config-map", "a controller publishes it in every namespace",
                 is_published_config_map},
    OmissionRule{"default-service-account", "every namespace gets it, and it has no settings",
                 is_plain_default_account},
    OmissionRule{"token-secret", "the token of a service account of that cluster alone",
                 is_token_secret},
    OmissionRule{"bootstrap-rbac", "an apiserver makes it and keeps it up to date",
                 is_bootstrap_rbac},
    OmissionRule{"system-priority-class", "every apiserver makes it", is_system_priority},
    OmissionRule{"automanaged-api-service", "an apiserver makes it of its own groups and the CRDs",
                 is_automanaged_api},
    OmissionRule{"bootstrap-flow-control", "an apiserver makes it and keeps it up to date",
                 is_bootstrap_flow},
    OmissionRule{"system-namespace", "every apiserver makes it, and it has no settings",
                 is_system_namespace},
    OmissionRule{"apiserver", "an apiserver keeps its own records in it", is_of_the_apiserver},
    OmissionRule{"node", "a machine and its drivers register themselves", is_of_a_node},
    OmissionRule{"certificate-request", "a request to a signer of that cluster", is_spent_request},
};

}  // namespace

std::span<const OmissionRule> omission_rules() {
    return rules;
}

const OmissionRule* omission(const Subject& subject, const Surroundings& surroundings) {
    const auto* found = std::find_if(rules.begin(), rules.end(), [&](const OmissionRule& rule) {
        return rule.holds(subject, surroundings);
    });
    return found == rules.end() ? nullptr : found;
}

}  // namespace salvor::cluster
