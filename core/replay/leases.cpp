#include "core/replay/leases.hpp"

#include <algorithm>

#include "formats/etcd/buckets.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::replay {
namespace {

/// Seconds: 1.5 times the election timeout's default of one second, rounded up.
/// Source: etcd server/etcdserver/server.go NewServer
constexpr std::int64_t min_ttl = 2;

std::string key_of(std::int64_t id) {
    return etcd::encode_u64(static_cast<std::uint64_t>(id));
}

}  // namespace

Result<bool> Leases::exists(std::int64_t id) const {
    SALVOR_TRY(const auto row, buckets_->get(etcd::buckets::lease, key_of(id)));
    return row.has_value();
}

Result<Verdict> Leases::grant(const etcd::LeaseGrantRequest& request) {
    if (request.id == 0) return Verdict{"lease not found"};
    if (request.ttl > etcd::max_lease_ttl) return Verdict{"too large lease TTL"};
    SALVOR_TRY(const auto there, exists(request.id));
    if (there) return Verdict{"lease already exists"};
    const etcd::Lease lease{request.id, std::max(request.ttl, min_ttl), 0};
    buckets_->put(etcd::buckets::lease, key_of(request.id), etcd::encode_lease(lease));
    return done;
}

Result<Verdict> Leases::revoke(std::int64_t id) {
    SALVOR_TRY(const auto there, exists(id));
    if (!there) return Verdict{"lease not found"};
    for (const auto key : keys(id)) keys_->remove({key, {}});
    keys_->end();
    buckets_->remove(etcd::buckets::lease, key_of(id));
    return done;
}

Result<Verdict> Leases::checkpoint(const etcd::LeaseCheckpointRequest& request) {
    for (const auto& checkpoint : request.checkpoints) {
        SALVOR_TRY(const auto row, buckets_->get(etcd::buckets::lease, key_of(checkpoint.id)));
        if (!row) continue;
        SALVOR_TRY(auto lease, etcd::parse_lease(*row));
        lease.remaining_ttl = checkpoint.remaining_ttl;
        buckets_->put(etcd::buckets::lease, key_of(checkpoint.id), etcd::encode_lease(lease));
    }
    return done;
}

}  // namespace salvor::replay
