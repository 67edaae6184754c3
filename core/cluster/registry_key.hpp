#pragma once

#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

// Where a Kubernetes cluster keeps what, told by the keys alone.
// Source: kubernetes pkg/kubeapiserver/default_storage_factory_builder.go, apiserver
// pkg/storage/etcd3/store.go

namespace salvor::cluster {

/// The etcd prefix of the cluster whose kube-system namespace has this key ("/registry"); nullopt
/// for any other key. Every cluster has that namespace, so its prefix is found and not assumed.
std::optional<Bytes> prefix_by_kube_system(Bytes key);

/// The part behind `prefix` and its slash; nullopt where the key lies elsewhere.
std::optional<Bytes> below_prefix(Bytes key, Bytes prefix);

/// The resource of a key below the prefix, as kubectl names it: "pods", "nodes" for minions/,
/// "certificates.cert-manager.io" of a group of its own. nullopt for what an apiserver keeps for
/// itself (masterleases, ranges) and for keys that name no object.
std::optional<std::string> resource_of(Bytes below);

}  // namespace salvor::cluster
