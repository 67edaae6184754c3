#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

// Where a Kubernetes cluster keeps what, told by the keys alone.
// Source: kubernetes pkg/kubeapiserver/default_storage_factory_builder.go, apiserver
// pkg/storage/etcd3/store.go

namespace salvor::cluster {

/// The etcd prefix of the cluster whose kube-system namespace has this key ("/registry"); nullopt
/// for any other key. Every cluster has that namespace, so its prefix is found and not assumed.
std::optional<Bytes> prefix_by_kube_system(Bytes key);

/// The same by every key that some apiserver always writes, OpenShift's own apiservers too, whose
/// prefix has no namespaces below it.
std::optional<Bytes> prefix_by_landmark(Bytes key);

/// The part behind `prefix` and its slash; nullopt where the key lies elsewhere.
std::optional<Bytes> below_prefix(Bytes key, Bytes prefix);

/// The resource of a key below the prefix, as kubectl names it: "pods", "nodes" for minions/,
/// "certificates.cert-manager.io" of a group of its own. nullopt for what an apiserver keeps for
/// itself (masterleases, ranges) and for keys that name no object.
std::optional<std::string> resource_of(Bytes below);

/// The prefixes below which one snapshot has Kubernetes' objects: `/registry` mostly,
/// `/kubernetes.io` and `/openshift.io` with OpenShift.
class Registry {
 public:
    void look_at(Bytes key) {
        if (const auto prefix = prefix_by_landmark(key)) add(*prefix);
    }
    /// Sorted; none lies within another.
    const std::vector<std::string>& prefixes() const { return prefixes_; }
    bool found() const { return !prefixes_.empty(); }
    /// What stands below the prefix and its slash; nullopt where the key is none of Kubernetes'.
    std::optional<Bytes> below(Bytes key) const;

 private:
    void add(Bytes prefix);
    std::vector<std::string> prefixes_;
};

/// A key as it may be shown: of OpenShift's tokens, whose names are the tokens, without the name.
Bytes without_token(Bytes key);

/// What a key that no API object has is for, by name: "k3s' bootstrap data"; empty: not known.
Bytes known_key(Bytes key);

}  // namespace salvor::cluster
