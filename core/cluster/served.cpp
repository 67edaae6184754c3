#include "core/cluster/served.hpp"

#include <algorithm>
#include <array>

#include "core/cluster/structural.hpp"

// Source: apiextensions-apiserver pkg/apis/apiextensions/{v1,v1beta1}; kubernetes
// pkg/apis/{core,apps,discovery}/*/{conversion,defaults}.go

namespace salvor::cluster {
namespace {

using kube::Document;
using kube::Value;

bool is_true(const Value* value) {
    return value && value->type == Value::Type::boolean && value->boolean;
}

/// Takes a member out of one object and gives it to another.
void move_member(Value& from, Bytes name, Value& to, Bytes new_name) {
    auto* member = from.find(name);
    if (!member) return;
    auto value = std::move(*member);
    from.erase(name);
    if (!value.is_null()) to.set(new_name, std::move(value));
}

void set_if_absent(Value& object, Bytes name, Value value) {
    if (!object.find(name)) object.set(name, std::move(value));
}

/// Of a CRD that is stored as v1beta1, one version as v1 has it.
void fill_version(const Value& spec, Value& version) {
    if (const auto* validation = spec.find("validation")) version.set("schema", *validation);
    for (const Bytes name : {"subresources", "additionalPrinterColumns", "selectableFields"}) {
        if (const auto* common = spec.find(name)) version.set(name, *common);
    }
    auto* columns = version.find("additionalPrinterColumns");
    if (!columns) return;
    for (auto& column : columns->items) move_member(column, "JSONPath", column, "jsonPath");
}

void serve_conversion(Value& spec) {
    auto* conversion = spec.find("conversion");
    if (!conversion) {
        auto none = Value::object();
        none.set("strategy", Value::of(Bytes("None")));
        spec.set("conversion", std::move(none));
        return;
    }
    auto webhook = Value::object();
    move_member(*conversion, "webhookClientConfig", webhook, "clientConfig");
    move_member(*conversion, "conversionReviewVersions", webhook, "conversionReviewVersions");
    if (conversion->text("strategy") == "Webhook") conversion->set("webhook", std::move(webhook));
}

/// A CRD of v1beta1 as v1. Source: apiextensions v1beta1/defaults.go, v1/conversion.go
void serve_crd(Value& crd) {
    auto* spec = crd.find("spec");
    if (!spec || crd.text("apiVersion") != "apiextensions.k8s.io/v1beta1") return;
    crd.set("apiVersion", Value::of(Bytes("apiextensions.k8s.io/v1")));
    spec = crd.find("spec");
    auto* versions = spec->find("versions");
    if (!versions || versions->items.empty()) {
        auto only = Value::object();
        only.set("name", Value::of(spec->text("version")));
        only.set("served", Value::of(true));
        only.set("storage", Value::of(true));
        auto list = Value::array();
        list.items.push_back(std::move(only));
        spec->set("versions", std::move(list));
        versions = spec->find("versions");
    }
    for (auto& version : versions->items) fill_version(*spec, version);
    for (const Bytes name : {"version", "validation", "subresources", "additionalPrinterColumns",
                             "selectableFields"}) {
        spec->erase(name);
    }
    set_if_absent(*spec, "scope", Value::of(Bytes("Namespaced")));
    const auto* preserve = spec->find("preserveUnknownFields");
    if (!preserve) {
        spec->set("preserveUnknownFields", Value::of(true));
    } else if (!is_true(preserve)) {
        spec->erase("preserveUnknownFields");
    }
    serve_conversion(*spec);
}

void serve_claim(Value& claim) {
    auto* status = claim.find("status");
    if (!status) {
        claim.set("status", Value::object());
        status = claim.find("status");
    }
    set_if_absent(*status, "phase", Value::of(Bytes("Pending")));
}

/// Messages within messages have no apiVersion and kind of their own.
void serve_stateful_set(Value& set) {
    auto* spec = set.find("spec");
    auto* templates = spec ? spec->find("volumeClaimTemplates") : nullptr;
    if (!templates) return;
    for (auto& claim : templates->items) {
        set_if_absent(claim, "apiVersion", Value::of(Bytes("v1")));
        set_if_absent(claim, "kind", Value::of(Bytes("PersistentVolumeClaim")));
        serve_claim(claim);
    }
}

/// discovery/v1beta1 had a map of topology; v1 has fields for what was well known in it.
void serve_endpoint_slice(Value& slice) {
    auto* endpoints = slice.find("endpoints");
    if (!endpoints) return;
    for (auto& endpoint : endpoints->items) {
        auto* topology = endpoint.find("topology");
        if (!topology) continue;
        auto rest = std::move(*topology);
        endpoint.erase("topology");
        move_member(rest, "topology.kubernetes.io/zone", endpoint, "zone");
        if (endpoint.find("nodeName")) rest.erase("kubernetes.io/hostname");
        if (!rest.members.empty()) endpoint.set("deprecatedTopology", std::move(rest));
    }
}

struct Rule {
    Bytes group, kind;
    void (*serve)(Value& object);
};
constexpr std::array rules{
    Rule{"apiextensions.k8s.io", "CustomResourceDefinition", serve_crd},
    Rule{"", "PersistentVolumeClaim", serve_claim},
    Rule{"apps", "StatefulSet", serve_stateful_set},
    Rule{"discovery.k8s.io", "EndpointSlice", serve_endpoint_slice},
};

const Rule* rule_of(const ResourceType& type) {
    const auto* found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
        return rule.group == type.group && rule.kind == type.kind;
    });
    return found == rules.end() ? nullptr : found;
}

/// Kinds whose versions differ in more than their name; an empty kind is all of the group.
struct Changed {
    Bytes group, kind;
};
constexpr std::array changed{
    Changed{"autoscaling", "HorizontalPodAutoscaler"},
    Changed{"certificates.k8s.io", ""},
    Changed{"flowcontrol.apiserver.k8s.io", ""},
    Changed{"networking.k8s.io", "Ingress"},
    Changed{"node.k8s.io", "RuntimeClass"},
    Changed{"resource.k8s.io", "DeviceClass"},
    Changed{"resource.k8s.io", "ResourceClaim"},
    Changed{"resource.k8s.io", "ResourceClaimTemplate"},
    Changed{"resource.k8s.io", "ResourceSlice"},
};

bool has_webhook(const Value& crd) {
    const auto* strategy = crd.at({"spec", "conversion", "strategy"});
    return strategy && strategy->string == "Webhook";
}

void serve_custom(const ResourceType& type, Value& value) {
    for (const auto& version : type.custom_versions) {
        if (version.name != type.versions.front() || !version.schema) continue;
        if (!type.preserve_unknown) prune(value, *version.schema);
        set_defaults(value, *version.schema);
    }
}

}  // namespace

bool Server::concerns(const Object& object) const {
    const auto* type = object.key().type;
    if (!type || type->plural.empty() || type->versions.empty()) return false;
    return type->is_custom() || rule_of(*type) || object.api_version() != type->api_version();
}

bool Server::keeps_version(const Object& object) const {
    const auto* type = object.key().type;
    if (!type || type->versions.empty() || object.api_version() == type->api_version())
        return false;
    if (type->is_custom()) return has_webhook(*type->crd);
    // Of another group, such as extensions/v1beta1, most kinds look otherwise.
    if (kube::split_api_version(object.api_version()).group != type->group) return true;
    return std::any_of(changed.begin(), changed.end(), [&](const Changed& one) {
        return one.group == type->group && (one.kind.empty() || one.kind == type->kind);
    });
}

void Server::serve(const Object& object, Value& value, Document& document) const {
    if (!concerns(object)) return;
    const auto& type = *object.key().type;
    if (const auto* rule = rule_of(type)) rule->serve(value);
    if (keeps_version(object)) return;
    if (type.is_custom()) serve_custom(type, value);
    value.set("apiVersion", Value::of(document.keep(type.api_version())));
}

}  // namespace salvor::cluster
