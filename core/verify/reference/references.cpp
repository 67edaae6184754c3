#include <unordered_map>

#include "core/cluster/object.hpp"
#include "core/verify/reference/referrer.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

using Check = void (*)(const Referrer&);

/// By the place below the registry.
const std::unordered_map<std::string_view, Check>& checks() {
    static const std::unordered_map<std::string_view, Check> table{
        {"apiextensions.k8s.io/customresourcedefinitions", check_definition},
        {"apiregistration.k8s.io/apiservices", check_api_service},
        {"mutatingwebhookconfigurations", check_webhooks},
        {"validatingwebhookconfigurations", check_webhooks},
        {"services/specs", check_service},
        {"ipaddresses", check_ip_address},
        {"servicecidrs", check_service_cidr},
        {"ranges/serviceips", check_range},
        {"ranges/secondaryserviceips", check_range},
        {"ranges/servicenodeports", check_range},
        {"persistentvolumeclaims", check_claim},
        {"persistentvolumes", check_volume},
        {"volumeattachments", check_attachment},
        {"secrets", check_secret},
        {"configmaps", check_config_map},
        {"rolebindings", check_binding},
        {"clusterrolebindings", check_binding},
        {"pods", check_pod},
        {"ingress", check_ingress},
        {"horizontalpodautoscalers", check_scaler},
        {"endpointslices", check_endpoint_slice},
        {"flowschemas", check_flow_schema},
        {"validatingadmissionpolicybindings", check_policy_binding},
        {"mutatingadmissionpolicybindings", check_policy_binding},
        {"deployments", check_workload},
        {"replicasets", check_workload},
        {"statefulsets", check_workload},
        {"daemonsets", check_workload},
        {"leases", check_lease},
        {"poddisruptionbudgets", check_budget},
        {"csinodes", check_csi_node},
        {"namespaces", check_namespace_object},
        {"storageversionmigrations", check_migration},
        {"resourceclaims", check_device_claim},
        {"resourceclaimtemplates", check_device_claim},
    };
    return table;
}

}  // namespace

std::string named(const char* kind, Bytes namespace_name, Bytes name) {
    return namespace_name.empty()
               ? fmt::format("{} {}", kind, text::escape(name))
               : fmt::format("{} {}/{}", kind, text::escape(namespace_name), text::escape(name));
}

const char* not_the_one(bool is_there) {
    return is_there ? "has another uid, so it is not the one meant" : "is not there";
}

kube::Value Referrer::tree(kube::Document& document) const {
    const auto found =
        cluster::Object::open(scope.schema(), object.key, object.kv, scope.encryption());
    if (!found) return {};
    auto value = found->value_tree(document, {.managed_fields = false, .resource_version = false});
    return value ? *std::move(value) : kube::Value{};
}

void check_references(const Referrer& referrer) {
    const auto* type = referrer.object.key.type;
    if (!type) return;
    if (!type->plural.empty()) {
        check_metadata(referrer);
        check_owners(referrer);
        check_namespace(referrer);
        check_deletion(referrer);
    }
    if (type->is_custom()) return check_custom_version(referrer);
    const auto found = checks().find(type->key_prefix);
    if (found != checks().end()) found->second(referrer);
}

void report_tallies(const Tallies& tallies, const Scope& scope, Collector& findings) {
    report_versions(tallies, scope, findings);
    report_addresses(tallies, scope, findings);
    report_ports(tallies, scope, findings);
    report_budgets(tallies, scope, findings);
}

}  // namespace salvor::verify
