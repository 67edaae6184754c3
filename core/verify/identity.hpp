#pragma once

#include <optional>

#include "core/verify/stages.hpp"

// Of which cluster a snapshot is. Nothing in it says so: the id is a hash of the founders' ids.
// Source: etcd server/etcdserver/api/membership/cluster.go genID

namespace salvor::verify {

/// The cluster's id where the members leave no doubt: there is one voter and nobody was removed, or
/// all voters' ids come from their URLs and a token that is common.
std::optional<etcd::ClusterId> certain_cluster(const Rows& rows);

/// Whether some of the members, present and removed, were the founders of cluster `id`; nullopt
/// where they are too many to try.
std::optional<bool> can_be_of(const Rows& rows, etcd::ClusterId id);

/// `known`: from the write-ahead log, if there is one.
void check_identity(const Rows& rows, std::optional<etcd::ClusterId> known,
                    std::optional<etcd::ClusterId> expected, Collector& findings);

}  // namespace salvor::verify
