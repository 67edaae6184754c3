#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

// What of a stored object can be told without a schema. FORMAT.md has the
// layout.

namespace salvor::kube {

/// metadata.uid of a stored object, out of protobuf or JSON; nullopt where it
/// cannot be told.
std::optional<std::string> object_uid(Bytes value);

/// spec.renewTime of a stored coordination.k8s.io Lease, in seconds since 1970;
/// protobuf alone.
std::optional<std::int64_t> lease_renew_time(Bytes value);

/// What a stored Node of v1 says of the system it runs; empty where it does
/// not. Protobuf alone.
struct NodeSystem {
    std::string kubelet_version, os_image, provider_id;
};
std::optional<NodeSystem> node_system(Bytes value);

/// Of the lease by which an apiserver tells that it runs (since 1.26): the
/// manager of its fields, which has the release in its name,
/// "kube-apiserver-1.36". nullopt for any other; protobuf alone.
std::optional<std::string> apiserver_of_lease(Bytes value);

}  // namespace salvor::kube
