#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::etcd {

/// A row of the `lease` bucket: key is the id as u64 big-endian, value leasepb.Lease. No expiry is
/// stored: at boot a lease restarts with its remaining TTL where that is above 0, else its TTL.
/// Source: etcd server/lease/{lessor.go,leasepb/lease.proto}
struct Lease {
    std::int64_t id = 0;
    std::int64_t ttl = 0;            ///< seconds
    std::int64_t remaining_ttl = 0;  ///< seconds; 0: no checkpoint
};
constexpr std::int64_t max_lease_ttl = 9'000'000'000;  ///< seconds; etcd refuses to grant more

/// Errors: malformed (the value does not parse). That the key names the same id is for the caller
/// to ask.
Result<Lease> parse_lease(Bytes value);
std::string encode_lease(const Lease& lease);
std::optional<std::int64_t> parse_lease_key(Bytes key);

}  // namespace salvor::etcd
