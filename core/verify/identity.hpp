#pragma once

#include <optional>

#include "core/verify/stages.hpp"

// Of which cluster a snapshot is, held against what was expected.

namespace salvor::verify {

/// The cluster's id where the members, all of whom were read, leave no doubt.
std::optional<etcd::ClusterId> certain_cluster(const Rows& rows);

/// Whether some of the members, present and removed, were the founders of cluster `id`; nullopt
/// where they are too many to try.
std::optional<bool> can_be_of(const Rows& rows, etcd::ClusterId id);

/// `known`: from the write-ahead log, if there is one.
void check_identity(const Rows& rows, std::optional<etcd::ClusterId> known,
                    std::optional<etcd::ClusterId> expected, Collector& findings);

}  // namespace salvor::verify
