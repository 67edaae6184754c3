#include "core/cluster/export/subject.hpp"

namespace salvor::cluster {

Bytes Subject::annotation(Bytes key) const {
    const auto* found = at({"metadata", "annotations", key});
    return found && found->is_string() ? found->string : Bytes{};
}

Bytes Subject::label(Bytes key) const {
    const auto* found = at({"metadata", "labels", key});
    return found && found->is_string() ? found->string : Bytes{};
}

bool Subject::has_annotation(Bytes key) const {
    return at({"metadata", "annotations", key}) != nullptr;
}

Subject subject_of(const Object& object, kube::Value& value, kube::Document& document) {
    const auto& key = object.key();
    return {object,
            value,
            document,
            key.type ? key.type->group : kube::split_api_version(object.api_version()).group,
            key.type ? key.type->kind : object.kind(),
            key.namespace_name,
            key.name};
}

}  // namespace salvor::cluster
