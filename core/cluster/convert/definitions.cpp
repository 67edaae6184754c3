#include "core/cluster/convert/definitions.hpp"

namespace salvor::convert {
namespace {

bool is_true(const Value* value) {
    return value && value->type == Value::Type::boolean && value->boolean;
}

/// Of a CRD that is stored as v1beta1, one version as v1 has it.
void fill_version(const Value& spec, Value& version) {
    if (const auto* validation = spec.find("validation")) version.set("schema", *validation);
    for (const Bytes name : {"subresources", "additionalPrinterColumns", "selectableFields"}) {
        if (const auto* common = spec.find(name)) version.set(name, *common);
    }
    auto* columns = version.find("additionalPrinterColumns");
    if (!columns) return;
    for (auto& column : columns->items) rename(column, "JSONPath", "jsonPath");
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

}  // namespace

// Source: apiextensions-apiserver v1beta1/defaults.go, v1/conversion.go
void serve_definition(Value& crd) {
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
    set_if_nil(*spec, "scope", Value::of(Bytes("Namespaced")));
    const auto* preserve = spec->find("preserveUnknownFields");
    if (!preserve) {
        spec->set("preserveUnknownFields", Value::of(true));
    } else if (!is_true(preserve)) {
        spec->erase("preserveUnknownFields");
    }
    serve_conversion(*spec);
}

}  // namespace salvor::convert
