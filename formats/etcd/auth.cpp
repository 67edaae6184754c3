#include "formats/etcd/auth.hpp"

#include "formats/etcd/message.hpp"
#include "formats/etcd/proto/auth.pb.h"

namespace salvor::etcd {

Result<User> parse_user(Bytes value) {
    SALVOR_TRY(const auto message, parse_message<proto::User>(value, "authpb.User"));
    return User{message.name(),
                message.password(),
                {message.roles().begin(), message.roles().end()},
                message.options().no_password()};
}

Result<Role> parse_role(Bytes value) {
    SALVOR_TRY(const auto message, parse_message<proto::Role>(value, "authpb.Role"));
    Role role{message.name(), {}};
    role.permissions.reserve(static_cast<std::size_t>(message.key_permission_size()));
    for (const auto& permission : message.key_permission()) {
        role.permissions.push_back({static_cast<PermissionType>(permission.perm_type()),
                                    permission.key(), permission.range_end()});
    }
    return role;
}

const char* name(PermissionType type) {
    switch (type) {
        case PermissionType::read: return "READ";
        case PermissionType::write: return "WRITE";
        case PermissionType::read_write: return "READWRITE";
    }
    return "UNKNOWN";
}

}  // namespace salvor::etcd
