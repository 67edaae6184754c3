#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"

// What of a cluster is encrypted at rest, and by which keys; with the server's configuration,
// whether that opens all of it and what it would write otherwise. What stands open is in anybody's
// hands who has the file.

namespace salvor::audit {

/// What seals values, as they say it themselves: a key of a provider, or the plugin of kms.
struct Seal {
    std::string scheme;  ///< aescbc, aesgcm, secretbox, kms; empty: identity, the values are plain
    std::string version;
    std::string name;  ///< of the key, of the plugin with kms

    auto operator<=>(const Seal&) const = default;
    bool is_plain() const { return scheme.empty(); }
    bool is_kms() const { return scheme == "kms"; }
};

/// Values of one resource under one seal.
struct Sealed {
    Seal seal;
    std::uint64_t values = 0;
    std::uint64_t opened = 0;      ///< by the configuration
    std::uint64_t key_absent = 0;  ///< the configuration has no such key for the resource
    std::uint64_t failed = 0;      ///< it has, and the key does not open them
    std::string failure;           ///< of the first, in words
    bool is_current = true;        ///< the configuration would write with this seal
};

struct ResourceAtRest {
    std::string resource;  ///< "secrets", "deployments.apps"
    bool namespaced = true;
    std::uint64_t objects = 0;      ///< live
    std::uint64_t plain = 0;        ///< of these
    std::vector<Sealed> sealed;     ///< by scheme, version and name
    std::uint64_t older_plain = 0;  ///< plain rows of older revisions and of deleted objects
    /// With a configuration: what the server writes with, and whether it reads plain values.
    std::optional<Seal> writer;
    bool reads_plain = true;

    std::uint64_t encrypted() const { return objects - plain; }
    /// Values that are not as the server would write them now, and that it can read.
    std::uint64_t stale() const;
    /// Values that an apiserver with this configuration cannot read. What only a plugin opens is
    /// not among them.
    std::uint64_t closed() const;
};

struct AtRest {
    std::string prefix;  ///< of the registry
    std::int64_t revision = 0;
    bool has_configuration = false;
    std::vector<ResourceAtRest> resources;  ///< by name
};

/// Errors: malformed (a row), too_large.
Result<AtRest> at_rest(const cluster::Cluster& cluster, const kube::at_rest::Config* config);

}  // namespace salvor::audit
