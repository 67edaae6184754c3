#pragma once

#include "core/cluster/times.hpp"
#include "formats/kube/times.hpp"

// What one value tells of when it was written.

namespace salvor::cluster {

struct OwnTime {
    std::int64_t seconds;
    TimeSource source;
    bool exact;  ///< of that very write, and not only not later than it
};

/// Of a key's first revision.
std::optional<OwnTime> first_time(const kube::StoredTimes& times);
/// Whatever it tells: the write was not earlier.
std::optional<OwnTime> any_time(const kube::StoredTimes& times);
/// Encrypted ones where the cluster has their keys.
kube::StoredTimes times_in(const Cluster& cluster, const etcd::KeyValue& kv);

/// What is known of a row that Times did not read, with what its own value tells: where that does
/// not contradict the rest.
std::optional<KnownTime> with_own_time(const std::optional<KnownTime>& known,
                                       const Cluster& cluster, const etcd::KeyValue& kv);

}  // namespace salvor::cluster
