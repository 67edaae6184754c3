#pragma once

#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// The auth buckets. Source: etcd api/authpb/auth.proto, server/storage/schema/auth*.go

namespace salvor::etcd {

enum class PermissionType { read = 0, write = 1, read_write = 2 };

struct Permission {
    PermissionType type = PermissionType::read;
    std::string key;
    std::string range_end;  ///< empty: the one key; a zero byte: from key upward
};

struct Role {
    std::string name;
    std::vector<Permission> permissions;  ///< sorted by key as stored
};

struct User {
    std::string name;
    std::string password;  ///< bcrypt, empty without one
    std::vector<std::string> roles;
    bool no_password = false;
};

Result<User> parse_user(Bytes value);
Result<Role> parse_role(Bytes value);

namespace auth_keys {
inline constexpr Bytes enabled = "authEnabled";    ///< one byte, 0 or 1
inline constexpr Bytes revision = "authRevision";  ///< u64 big-endian
}  // namespace auth_keys

}  // namespace salvor::etcd
