#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/cluster/catalog.hpp"
#include "formats/base/bytes.hpp"

// Where in an etcd Kubernetes lives, and what a key says of its object.

namespace salvor::cluster {

/// A key taken apart. Views into the key.
struct ObjectKey {
    const ResourceType* type = nullptr;  ///< nullptr: below the registry, but of no known resource
    std::string_view namespace_name;     ///< empty: cluster-scoped
    std::string_view name;
};

/// The prefixes, each with its final slash, below which Kubernetes keeps objects: `/registry/` mostly,
/// `/kubernetes.io/` and `/openshift.io/` with OpenShift, whatever --etcd-prefix says else.
class Registry {
  public:
    /// Found and not assumed: a prefix is what stands before `namespaces/NAME`, `ranges/serviceips` and other
    /// keys that every apiserver writes, where the value is of Kubernetes' making.
    void look_at(Bytes key, Bytes value);

    const std::vector<std::string>& prefixes() const { return prefixes_; }
    bool found() const { return !prefixes_.empty(); }
    /// What stands below the prefix; nullopt where the key is none of Kubernetes'.
    std::optional<std::string_view> below(Bytes key) const;

  private:
    std::vector<std::string> prefixes_;  ///< sorted
};

/// Splits what stands below a registry's prefix by the resource's place and scope.
ObjectKey parse_key(const Catalog& catalog, std::string_view below_prefix);

/// Keys that no API object has, by name: "compact_rev_key", "/bootstrap/..." of k3s; empty: not known.
std::string_view known_key(Bytes key);

}  // namespace salvor::cluster
