#pragma once

#include "core/cluster/cluster.hpp"

namespace salvor::cluster {

/// What an apiserver makes of a stored object when it serves it, as far as that needs no code of
/// the cluster's own: the preferred version, defaults that every server adds, a CRD's pruning and
/// defaults. FORMAT.md, "served", lists what is done and what is not.
class Server {
 public:
    /// Whether serve() may change anything.
    bool concerns(const Object& object) const;
    /// Whether it is stored in a version that only a server can convert to the preferred one: the
    /// object keeps its version then.
    bool keeps_version(const Object& object) const;
    /// `value`: the object as stored. New texts are kept by the document.
    void serve(const Object& object, kube::Value& value, kube::Document& document) const;
};

}  // namespace salvor::cluster
