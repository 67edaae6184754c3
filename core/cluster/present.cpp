#include "core/cluster/present.hpp"

#include <algorithm>

namespace salvor::cluster {
namespace {

std::string lower(Bytes word) {
    std::string lowered(word);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

std::string qualified(Bytes kind, Bytes group, Bytes name) {
    return fmt::format("{}{}{}/{}", lower(kind), group.empty() ? "" : ".", group, name);
}

}  // namespace

Presenter::Presenter(const Cluster& cluster, Options options)
    : cluster_(&cluster), options_(std::move(options)) {
    if (options_.as_served) server_ = std::make_shared<const Server>(cluster.schema());
}

std::string Presenter::version_of(const Object& object) const {
    const auto* type = object.key().type;
    if (!type || type->versions.empty()) return std::string(object.api_version());
    for (const auto& asked : options_.asked) {
        if (asked.type == type) return asked.api_version;
    }
    if (options_.version == Version::preferred || !type->row) return type->api_version();
    const auto newest = type->row->versions.front().version;
    return type->group.empty() ? std::string(newest) : fmt::format("{}/{}", type->group, newest);
}

template <class Sink>
Result<void> Presenter::tell_any(const Object& object, Sink& sink, UnknownFields* unknown) const {
    if (!is_changed(object)) return object.tell(sink, {options_.managed_fields, true}, unknown);
    kube::Document document;
    SALVOR_TRY(const auto value, this->value(object, document, unknown));
    kube::tell(value, sink);
    return {};
}

template Result<void> Presenter::tell_any(const Object&, kube::JsonSink&, UnknownFields*) const;
template Result<void> Presenter::tell_any(const Object&, kube::YamlSink&, UnknownFields*) const;

Result<kube::Value> Presenter::value(const Object& object, kube::Document& document,
                                     UnknownFields* unknown) const {
    SALVOR_TRY(auto value, object.value_tree(document, {options_.managed_fields, true}, unknown));
    if (server_) server_->serve(object, version_of(object), value, document);
    if (!options_.show_secrets) redactor_.redact(object, value, document);
    return value;
}

std::string Presenter::bare_name(const Object& object) const {
    return options_.show_secrets ? std::string(object.key().name) : redactor_.name(object);
}

Result<std::string> Presenter::name(const Candidate& candidate) const {
    const auto& key = candidate.item().key;
    if (key.type) return qualified(key.type->kind, key.type->group, key.name);
    const auto& object = candidate.object();
    if (!object) return std::unexpected(object.error());
    const auto group = kube::split_api_version(object->api_version()).group;
    return qualified(object->kind(), group, bare_name(*object));
}

}  // namespace salvor::cluster
