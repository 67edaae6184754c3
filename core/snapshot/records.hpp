#pragma once

#include <vector>

#include "formats/bbolt/database.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/member.hpp"

// The rows of the small buckets, all of one kind at once. A bucket that is not there has no rows.
// Error: malformed, with the bucket, the key and the offset of the first row that does not parse.

namespace salvor {

Result<std::vector<etcd::Alarm>> alarms(const bbolt::Database& db);
Result<std::vector<etcd::Lease>> leases(const bbolt::Database& db);
/// Ascending by id, as a server lists them: their keys in the bucket sort as texts.
Result<std::vector<etcd::Member>> members(const bbolt::Database& db);
Result<std::vector<etcd::Role>> roles(const bbolt::Database& db);
Result<std::vector<etcd::User>> users(const bbolt::Database& db);

}  // namespace salvor
