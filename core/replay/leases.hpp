#pragma once

#include "core/replay/buckets.hpp"
#include "core/replay/keyspace.hpp"
#include "core/replay/verdict.hpp"

namespace salvor::replay {

/// The lease table as the log goes on. Source: etcd server/lease/lessor.go
class Leases {
 public:
    Leases(Buckets& buckets, Keyspace& keys) : buckets_(&buckets), keys_(&keys) {}

    Result<bool> exists(std::int64_t id) const;
    Result<Verdict> grant(const etcd::LeaseGrantRequest& request);
    /// With its keys, in one revision.
    Result<Verdict> revoke(std::int64_t id);
    /// Stores what the checkpoints say.
    Result<Verdict> checkpoint(const etcd::LeaseCheckpointRequest& request);
    std::set<Bytes> keys(std::int64_t id) const { return keys_->attached(id); }

 private:
    Buckets* buckets_;
    Keyspace* keys_;
};

}  // namespace salvor::replay
