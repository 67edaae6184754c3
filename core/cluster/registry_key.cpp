#include "core/cluster/registry_key.hpp"

#include <algorithm>
#include <array>

namespace salvor::cluster {
namespace {

constexpr Bytes kube_system_key = "/namespaces/kube-system";

struct Exception {
    Bytes segments;
    Bytes resource;  ///< empty: none
};
// Where the path is not the resource's plural.
constexpr std::array exceptions{
    Exception{"apiextensions.k8s.io/customresourcedefinitions/", "customresourcedefinitions"},
    Exception{"apiregistration.k8s.io/apiservices/", "apiservices"},
    Exception{"controllers/", "replicationcontrollers"},
    Exception{"ingress/", "ingresses"},
    Exception{"masterleases/", ""},
    Exception{"minions/", "nodes"},
    Exception{"peerserverleases/", ""},
    Exception{"podsecuritypolicy/", "podsecuritypolicies"},
    Exception{"ranges/", ""},
    Exception{"services/endpoints/", "endpoints"},
    Exception{"services/specs/", "services"},
};

}  // namespace

std::optional<Bytes> prefix_by_kube_system(Bytes key) {
    if (!key.ends_with(kube_system_key)) return {};
    return key.substr(0, key.size() - kube_system_key.size());
}

std::optional<Bytes> below_prefix(Bytes key, Bytes prefix) {
    if (!key.starts_with(prefix) || key.size() <= prefix.size() || key[prefix.size()] != '/')
        return {};
    return key.substr(prefix.size() + 1);
}

std::optional<std::string> resource_of(Bytes below) {
    for (const auto& [segments, resource] : exceptions) {
        if (!below.starts_with(segments)) continue;
        return resource.empty() ? std::nullopt : std::optional(std::string(resource));
    }
    const auto slash = below.find('/');
    if (slash == Bytes::npos || slash == 0) return {};
    const auto first = below.substr(0, slash);
    if (first.find('.') == Bytes::npos) return std::string(first);
    // A built-in plural never has a dot, the group of a custom resource always has one.
    const auto rest = below.substr(slash + 1);
    const auto second = rest.find('/');
    if (second == Bytes::npos || second == 0) return {};
    return std::string(rest.substr(0, second)).append(".").append(first);
}

}  // namespace salvor::cluster
