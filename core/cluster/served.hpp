#pragma once

#include "core/cluster/cluster.hpp"
#include "core/cluster/convert/versions.hpp"

namespace salvor::cluster {

/// What an apiserver makes of a stored object when it serves it, as far as that needs no code of
/// the cluster's own: the version that is asked for, defaults, a CRD's pruning and defaults.
/// FORMAT.md, "served", lists what is done and what is not.
class Server {
 public:
    explicit Server(const kube::Schema& schema) : schema_(&schema), versions_(schema) {}

    /// Whether serve() may change anything.
    bool concerns(const Object& object) const;
    /// Whether it is stored in a version that only a server can convert to that one: the object
    /// keeps its version then.
    bool keeps_version(const Object& object, Bytes api_version) const;
    /// `value`: the object as stored. New texts are kept by the document.
    void serve(const Object& object, Bytes api_version, kube::Value& value,
               kube::Document& document) const;

 private:
    const kube::Schema* schema_;
    convert::Versions versions_;
};

}  // namespace salvor::cluster
