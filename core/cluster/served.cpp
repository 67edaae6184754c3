#include "core/cluster/served.hpp"

#include "core/cluster/convert/definitions.hpp"
#include "core/cluster/convert/on_read.hpp"
#include "core/cluster/structural.hpp"

namespace salvor::cluster {
namespace {

using kube::Document;
using kube::Value;

bool has_webhook(const Value& crd) {
    const auto* strategy = crd.at({"spec", "conversion", "strategy"});
    return strategy && strategy->string == "Webhook";
}

/// By the schema of the version in which it is stored, whichever is asked for.
void serve_custom(const ResourceType& type, Bytes stored, Value& value) {
    for (const auto& version : type.custom_versions) {
        if (version.name != stored || !version.schema) continue;
        if (!type.preserve_unknown) prune(value, *version.schema);
        set_defaults(value, *version.schema);
    }
}

bool is_definition(const Object& object) {
    return kube::split_api_version(object.api_version()).group == "apiextensions.k8s.io";
}

}  // namespace

bool Server::concerns(const Object& object) const {
    const auto* type = object.key().type;
    return type && !type->plural.empty() && !type->versions.empty();
}

bool Server::keeps_version(const Object& object, Bytes api_version) const {
    const auto* type = object.key().type;
    if (!concerns(object) || object.api_version() == api_version) return false;
    if (type->is_custom()) return has_webhook(*type->crd);
    return !is_definition(object) &&
           !versions_.can(object.kind(), object.api_version(), api_version);
}

void Server::serve(const Object& object, Bytes api_version, Value& value,
                   Document& document) const {
    if (!concerns(object)) return;
    const auto& type = *object.key().type;
    if (type.is_custom()) {
        if (keeps_version(object, api_version)) return;
        serve_custom(type, kube::split_api_version(object.api_version()).version, value);
        value.set("apiVersion", Value::of(document.copy(api_version)));
    } else if (is_definition(object)) {
        convert::serve_definition(value);
    } else {
        versions_.convert(value, api_version, document);
        convert::fill_on_read(value, schema_->release());
    }
}

}  // namespace salvor::cluster
