#include "core/verify/object/definitions.hpp"

#include "core/verify/object/encryption.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::verify {
namespace {

constexpr Bytes crd_place = "apiextensions.k8s.io/customresourcedefinitions/";
constexpr Bytes api_service_place = "apiregistration.k8s.io/apiservices/";

/// The n-th segment of a key; empty behind the last.
Bytes segment(Bytes below, int n) {
    for (; n > 0 && !below.empty(); --n) {
        const auto slash = below.find('/');
        below = slash == Bytes::npos ? Bytes{} : below.substr(slash + 1);
    }
    return below.substr(0, below.find('/'));
}

}  // namespace

bool is_custom_group(Bytes segment) {
    return segment.find('.') != Bytes::npos;
}

Definitions::Definitions(const bbolt::Database& db, const cluster::Registry& registry,
                         std::span<const timeline::RowPosition> rows,
                         const kube::at_rest::Config* config)
    : db_(&db), registry_(&registry) {
    std::string room;
    for (const auto position : rows) {
        const auto key = etcd::parse_key(timeline::entry_at(db, position).value).value_or(Bytes{});
        const auto below = registry.below(key).value_or(Bytes{});
        const bool is_crd = below.starts_with(crd_place);
        if (!is_crd && !below.starts_with(api_service_place)) continue;
        const auto object = at(position);
        if (is_crd) crds_.emplace(object.key.name);
        const auto value = plain_value(object, config, room);
        if (!value) continue;
        if (is_crd) {
            read_crd(*value);
        } else {
            read_api_service(*value);
        }
    }
}

StoredObject Definitions::at(timeline::RowPosition position) const {
    const auto kv =
        etcd::parse_key_value(timeline::entry_at(*db_, position).value).value_or(etcd::KeyValue{});
    const auto below = registry_->below(kv.key).value_or(Bytes{});
    StoredObject object{*db_, position, kv, cluster::parse_key(catalog_, below), {}, {}};
    if (object.key.type) {
        object.group = object.key.type->group;
        object.resource = object.key.type->plural;
    } else if (is_custom_group(segment(below, 0))) {
        object.group = segment(below, 0);
        object.resource = segment(below, 1);
    } else {
        object.resource = segment(below, 0);
    }
    return object;
}

/// CRDs are always stored as JSON; one that is not leaves its kind unknown.
void Definitions::read_crd(Bytes value) {
    if (kube::encoding_of(value) != kube::Encoding::json) return;
    auto& document = documents_.emplace_back();
    Bytes group, plural, kind, scope;
    const kube::WantedText wanted[] = {{{"spec", "group"}, &group},
                                       {{"spec", "names", "plural"}, &plural},
                                       {{"spec", "names", "kind"}, &kind},
                                       {{"spec", "scope"}, &scope}};
    if (!kube::check_json(value, wanted, document)) return;
    const auto kept = [&](Bytes text) { return kube::Value::of(document.keep(std::string(text))); };
    auto names = kube::Value::object();
    names.set("plural", kept(plural));
    names.set("kind", kept(kind));
    auto spec = kube::Value::object();
    spec.set("group", kept(group));
    spec.set("names", std::move(names));
    spec.set("scope", kept(scope));
    document.root.set("spec", std::move(spec));
    catalog_.add_crd(document.root);
}

void Definitions::read_api_service(Bytes value) {
    if (kube::encoding_of(value) != kube::Encoding::json) return;
    kube::Document document;
    Bytes group, service;
    const kube::WantedText wanted[] = {{{"spec", "group"}, &group},
                                       {{"spec", "service", "name"}, &service}};
    if (kube::check_json(value, wanted, document) && !service.empty()) aggregated_.emplace(group);
}

bool Definitions::has_crd(Bytes group, Bytes plural) const {
    std::string name;
    return crds_.contains(name.append(plural).append(".").append(group));
}

}  // namespace salvor::verify
