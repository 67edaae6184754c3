#include "formats/etcd/auth.hpp"

#include "formats/etcd/message.hpp"
#include "formats/etcd/proto/auth.pb.h"

namespace salvor::etcd {

Result<User> parse_user(Bytes value) {
    SALVOR_TRY(const auto message, parse_message<proto::User>(value, "authpb.User"));
    return User{message.name(),
                message.password(),
                {message.roles().begin(), message.roles().end()},
                message.options().no_password(),
                message.has_options()};
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

std::string encode_user(const User& user) {
    proto::User message;
    message.set_name(user.name);
    message.set_password(user.password);
    for (const auto& role : user.roles) message.add_roles(role);
    if (user.has_options) message.mutable_options()->set_no_password(user.no_password);
    return message.SerializeAsString();
}

std::string encode_role(const Role& role) {
    proto::Role message;
    message.set_name(role.name);
    for (const auto& permission : role.permissions) {
        auto& to = *message.add_key_permission();
        to.set_perm_type(static_cast<std::int32_t>(permission.type));
        to.set_key(permission.key);
        to.set_range_end(permission.range_end);
    }
    return message.SerializeAsString();
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
