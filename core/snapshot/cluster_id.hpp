#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/etcd/member.hpp"

// Of which cluster a database is. Nothing in it says so: the id is a hash of the founders' ids.
// Source: etcd server/etcdserver/api/membership/cluster.go genID

namespace salvor {

struct FoundCluster {
    etcd::ClusterId id;
    std::string evidence;  ///< the words for how it is known
};

/// The cluster's id where the members leave no doubt: nobody was removed, and there is one voter,
/// or all voters' ids come from their peer URLs and a token that is common. Both lists have to be
/// whole: a member that was lost may have been a founder.
std::optional<FoundCluster> cluster_of(const std::vector<etcd::Member>& members,
                                       const std::vector<etcd::MemberId>& removed);

}  // namespace salvor
