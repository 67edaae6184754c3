#pragma once

#include <array>

#include "formats/base/bytes.hpp"

// The top-level buckets of etcd's backend, in their sorted order. Values are flat key/value pairs.
// Source: etcd server/storage/schema/bucket.go

namespace salvor::etcd::buckets {

inline constexpr Bytes alarm = "alarm";
inline constexpr Bytes auth = "auth";
inline constexpr Bytes auth_roles = "authRoles";
inline constexpr Bytes auth_users = "authUsers";
inline constexpr Bytes cluster = "cluster";
inline constexpr Bytes key = "key";
inline constexpr Bytes lease = "lease";
inline constexpr Bytes members = "members";
inline constexpr Bytes members_removed = "members_removed";
inline constexpr Bytes meta = "meta";

inline constexpr std::array all{alarm, auth,  auth_roles, auth_users,      cluster,
                                key,   lease, members,    members_removed, meta};

}  // namespace salvor::etcd::buckets
