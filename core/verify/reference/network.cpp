#include <array>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"

namespace salvor::verify {
namespace {

constexpr Rule ingress_backend{"ingress-backend",
                               Layer::reference,
                               Severity::warning,
                               "the Services that an Ingress sends to are there",
                               "requests get an error: bring the Service back, or change the rule",
                               Subject::cluster};
constexpr Rule ingress_secret{
    "ingress-secret",
    Layer::reference,
    Severity::warning,
    "the TLS Secrets of an Ingress are there",
    "clients are shown the controller's own certificate: make the Secret, "
    "or have cert-manager make it",
    Subject::cluster};
constexpr Rule ingress_class{"ingress-class",
                             Layer::reference,
                             Severity::note,
                             "the class of an Ingress is there",
                             "no controller may feel called upon: make the IngressClass",
                             Subject::cluster};
constexpr Rule slice_service{"endpoints-service",
                             Layer::reference,
                             Severity::note,
                             "the Service of an EndpointSlice is there",
                             "the EndpointSlice is left over; it does no harm",
                             Subject::cluster};
constexpr Rule priority_level{"flow-priority-level",
                              Layer::reference,
                              Severity::warning,
                              "the priority level of a FlowSchema is there",
                              "requests that it matches go to the next schema that matches: make "
                              "the PriorityLevelConfiguration",
                              Subject::cluster};
constexpr Rule binding_policy{
    "binding-policy",
    Layer::reference,
    Severity::warning,
    "the admission policy that a binding names is there",
    "the binding enforces nothing: make the policy, or delete the binding",
    Subject::cluster};
constexpr std::array table{ingress_backend, ingress_secret, ingress_class,
                           slice_service,   priority_level, binding_policy};

using kube::Value;

void check_backend(const Referrer& referrer, const Value* backend) {
    if (!backend) return;
    auto name = table::string_at(*backend, "service.name");
    if (name.empty()) name = table::string_at(*backend, "serviceName");  // v1beta1
    if (name.empty() || referrer.lookup.find("services/specs", referrer.namespace_name(), name))
        return;
    referrer.say(ingress_backend, [&] {
        return named("Service", referrer.namespace_name(), name) + " is not there";
    });
}

}  // namespace

RuleRows network_rules() {
    return table;
}

void check_ingress(const Referrer& referrer) {
    kube::Document document;
    const auto ingress = referrer.tree(document);
    const auto home = referrer.namespace_name();
    check_backend(referrer, table::at(ingress, "spec.defaultBackend"));
    check_backend(referrer, table::at(ingress, "spec.backend"));
    for (const auto& rule : table::items_at(ingress, "spec.rules")) {
        for (const auto& path : table::items_at(rule, "http.paths"))
            check_backend(referrer, path.find("backend"));
    }
    for (const auto& tls : table::items_at(ingress, "spec.tls")) {
        const auto name = tls.text("secretName");
        if (name.empty() || referrer.lookup.find("secrets", home, name)) continue;
        referrer.say(ingress_secret, [&] { return named("Secret", home, name) + " is not there"; });
    }
    const auto name = table::string_at(ingress, "spec.ingressClassName");
    if (name.empty() || referrer.lookup.find("ingressclasses", {}, name)) return;
    referrer.say(ingress_class, [&] { return named("IngressClass", {}, name) + " is not there"; });
}

void check_endpoint_slice(const Referrer& referrer) {
    const auto name = kube::entry_of(kube::bytes_at(referrer.message(), {1}), 11 /* labels */,
                                     "kubernetes.io/service-name");
    if (!name || name->empty() ||
        referrer.lookup.find("services/specs", referrer.namespace_name(), *name))
        return;
    referrer.say(slice_service, [&] {
        return named("Service", referrer.namespace_name(), *name) + " is not there";
    });
}

void check_flow_schema(const Referrer& referrer) {
    // FlowSchemaSpec.priorityLevelConfiguration: name
    const auto name = kube::bytes_at(referrer.message(), {2, 1, 1});
    if (name.empty() || referrer.lookup.find("prioritylevelconfigurations", {}, name)) return;
    referrer.say(priority_level,
                 [&] { return named("PriorityLevelConfiguration", {}, name) + " is not there"; });
}

void check_policy_binding(const Referrer& referrer) {
    const bool is_mutating =
        referrer.object.key.type->key_prefix == "mutatingadmissionpolicybindings";
    const auto name = kube::bytes_at(referrer.message(), {2, 1});
    const auto* place = is_mutating ? "mutatingadmissionpolicies" : "validatingadmissionpolicies";
    if (name.empty() || referrer.lookup.find(place, {}, name)) return;
    referrer.say(binding_policy, [&] {
        return named(is_mutating ? "MutatingAdmissionPolicy" : "ValidatingAdmissionPolicy", {},
                     name) +
               " is not there";
    });
}

}  // namespace salvor::verify
