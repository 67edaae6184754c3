#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::restore {

/// What a restore has to know of its source.
struct Source {
    std::vector<etcd::Member> members;  ///< as its `members` bucket has them
    std::optional<etcd::Version> storage_version;
    std::optional<etcd::Version> cluster_version;
    std::optional<etcd::Downgrade> downgrade;
    std::int64_t revision = 0;  ///< main revision of the last row; 0 where there is none
    std::vector<etcd::Alarm> alarms;
    bool auth_enabled = false;
    std::uint64_t auth_revision = 0;

    /// The line that wrote it: of storageVersion, else of clusterVersion.
    std::optional<etcd::Line> line() const;
};

/// Errors: malformed, unsupported (a storageVersion that does not parse or that no known line has).
Result<Source> read_source(const Snapshot& snapshot);

}  // namespace salvor::restore
