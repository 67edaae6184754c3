#pragma once

#include "formats/kube/value.hpp"

// What a server does to a custom resource when it reads it, by the structural schema of its CRD.
// Source: apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}

namespace salvor::cluster {

/// Drops members that the schema does not know, unless x-kubernetes-preserve-unknown-fields keeps
/// them. Of the object itself apiVersion, kind and metadata stay always.
void prune(kube::Value& object, const kube::Value& schema);

/// Adds what has a default and is absent, or null where null is not allowed.
void set_defaults(kube::Value& object, const kube::Value& schema);

}  // namespace salvor::cluster
