#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"
#include "core/cluster/select.hpp"

namespace salvor::audit {

/// Calls `each` with every live object of a resource ("secrets",
/// "roles.rbac.authorization.k8s.io"), opened when it is asked for; none where the snapshot knows
/// no such resource. Error: malformed (the database).
Result<void> each_candidate(const cluster::Cluster& cluster, const std::string& resource,
                            const std::function<void(const cluster::Candidate&)>& each);

/// The value of one. What could not be read is added to `problems` as "KEY: why".
Result<kube::Value> value_of(const cluster::Candidate& candidate, kube::Document& document,
                             std::vector<std::string>& problems);

/// Calls `each` with the key and the value of every one that could be read; of the others as
/// value_of().
Result<void> each_value(
    const cluster::Cluster& cluster, const std::string& resource,
    std::vector<std::string>& problems,
    const std::function<void(const cluster::ObjectKey&, const kube::Value&)>& each);

}  // namespace salvor::audit
