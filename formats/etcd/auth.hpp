#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// The auth buckets. Source: etcd api/authpb/auth.proto, server/storage/schema/auth*.go

namespace salvor::etcd {

/// A stored number that etcd has no name for stays what it is.
enum class PermissionType : std::int32_t { read = 0, write = 1, read_write = 2 };
const char* name(PermissionType type);  ///< READ, WRITE, READWRITE, else UNKNOWN

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
    bool has_options = false;  ///< stored also where they are empty: 3.4 and later
};

/// Errors: malformed. That the row's key is the same name is for the caller to ask.
Result<User> parse_user(Bytes value);
Result<Role> parse_role(Bytes value);
std::string encode_user(const User& user);
std::string encode_role(const Role& role);

namespace auth_keys {
inline constexpr Bytes enabled = "authEnabled";    ///< one byte, 0 or 1
inline constexpr Bytes revision = "authRevision";  ///< u64 big-endian
}  // namespace auth_keys

}  // namespace salvor::etcd
