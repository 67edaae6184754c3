#pragma once

#include <vector>

#include "core/restore/restore.hpp"

namespace salvor::restore {

/// What happens to storageVersion, clusterVersion and the pending downgrade, so that `line` boots.
/// nullopt: stays as it is.
struct Migration {
    std::optional<std::optional<etcd::Version>> storage_version;  ///< to nullopt: removed
    std::optional<etcd::Version> cluster_version;
    bool cancel_downgrade = false;
    bool none() const { return !storage_version && !cluster_version && !cancel_downgrade; }
};
/// Error: unsupported (a storageVersion above every known line: nobody knows what would have to
/// go). Source: etcd etcdutl/etcdutl/migrate_command.go, server/storage/schema/schema.go and
/// server/etcdserver/{version,api/membership}/downgrade.go (what a server refuses at boot)
Result<Migration> migration(const Source& source, etcd::Line line);

/// Adds it to a change.
void migrate(bbolt::Change& change, const Migration& to);

/// Error: refused (the bump overflows), unsupported.
Result<bbolt::Change> change(const Source& source, const Request& request,
                             const std::vector<etcd::Member>& members);

}  // namespace salvor::restore
