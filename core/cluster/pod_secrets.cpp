#include "core/cluster/pod_secrets.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

void add(std::string_view name, std::set<std::string>& names) {
    if (!name.empty()) names.emplace(name);
}

/// `secretName` of volumes; `secretRef`, `secretKeyRef` and the like; `secret` of what is
/// projected.
void walk(const Value& value, std::set<std::string>& names, std::size_t depth) {
    if (depth > kube::max_value_depth) return;
    for (const auto& item : value.items) walk(item, names, depth + 1);
    for (const auto& member : value.members) {
        const auto name = member.name;
        if (name == "secretName") add(member.value.string, names);
        if (name == "secret" || name == "secretKeyRef" || name.ends_with("ecretRef"))
            add(member.value.text("name"), names);
        walk(member.value, names, depth + 1);
    }
}

}  // namespace

std::set<std::string> secrets_in_pod(const Value& spec) {
    std::set<std::string> names;
    walk(spec, names, 0);
    return names;
}

std::set<std::string> secrets_of_pod(const Value& spec) {
    auto names = secrets_in_pod(spec);
    if (const auto* pulls = spec.find("imagePullSecrets")) {
        for (const auto& each : pulls->items) add(each.text("name"), names);
    }
    return names;
}

}  // namespace salvor::cluster
