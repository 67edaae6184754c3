#pragma once

#include "core/replay/keyspace.hpp"
#include "core/replay/leases.hpp"
#include "core/replay/verdict.hpp"
#include "formats/etcd/request.hpp"

// Writes to the keyspace. Source: etcd server/etcdserver/txn

namespace salvor::replay {

/// Whether a put can be carried out: its lease is there, and so is the key that it takes over from.
Result<Verdict> check_put(const Keyspace& keys, const Leases& leases,
                          const etcd::PutRequest& request);
/// One that was checked, within a change set.
void put(Keyspace& keys, const etcd::PutRequest& request);

/// The compares of all levels are made first, on what was there before; then what is to be done is
/// checked; only then is anything written. Error: unsupported (a server would have ended on it).
Result<Verdict> transact(Keyspace& keys, const Leases& leases, const etcd::TxnRequest& request);

/// Whether either branch has a put: what a cluster without space refuses. Those of transactions
/// within count since 3.5.33, 3.6.14 and 3.7.1, and never in 3.4.
enum class Puts { own, all };
bool has_put(const etcd::TxnRequest& request, Puts which);

}  // namespace salvor::replay
