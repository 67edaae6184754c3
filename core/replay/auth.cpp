#include "core/replay/auth.hpp"

#include <algorithm>

#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/password.hpp"
#include "formats/kube/special.hpp"

namespace salvor::replay {
namespace {

using namespace etcd;

constexpr Bytes root = "root";  ///< the user, and the role

constexpr Verdict old_revision{"auth: revision in header is old"};
constexpr Verdict permission_denied{"auth: permission denied"};
constexpr Verdict user_empty{"auth: user name is empty"};
constexpr Verdict user_not_found{"auth: user not found"};
constexpr Verdict role_not_found{"auth: role not found"};
constexpr Verdict invalid_management{"auth: invalid auth management"};
constexpr Verdict no_password{
    "auth: authentication failed, password was given for no password user"};

bool has_role(const User& user, Bytes role) {
    return std::ranges::find(user.roles, role) != user.roles.end();
}

/// A permission names no key, or a range that ends before it begins.
bool is_valid(const Permission& permission) {
    const auto& [type, key, end] = permission;
    return !key.empty() && (end.empty() || end == Bytes("\0", 1) || key < end);
}

bool is_of(const Permission& permission, Bytes key, Bytes range_end) {
    return permission.key == key && permission.range_end == range_end;
}

}  // namespace

Result<void> Auth::read() {
    SALVOR_TRY(const auto enabled, buckets_->get(buckets::auth, auth_keys::enabled));
    enabled_ = enabled == std::string(1, '\1');
    SALVOR_TRY(const auto revision, buckets_->get(buckets::auth, auth_keys::revision));
    // A server without one begins at 1.
    if (revision) revision_ = std::max<std::uint64_t>(parse_u64(*revision).value_or(1), 1);
    return {};
}

Result<std::optional<User>> Auth::user(Bytes name) const {
    SALVOR_TRY(const auto row, buckets_->get(buckets::auth_users, name));
    if (!row) return std::nullopt;
    return parse_user(*row);
}

Result<std::optional<Role>> Auth::role(Bytes name) const {
    SALVOR_TRY(const auto row, buckets_->get(buckets::auth_roles, name));
    if (!row) return std::nullopt;
    return parse_role(*row);
}

void Auth::put(const User& user) {
    buckets_->put(buckets::auth_users, user.name, encode_user(user));
}

void Auth::put(const Role& role) {
    buckets_->put(buckets::auth_roles, role.name, encode_role(role));
}

void Auth::raise_revision() {
    known_.clear();
    buckets_->put(buckets::auth, auth_keys::revision, encode_u64(++revision_));
}

Result<Permissions> Auth::permissions_of(const User& user) const {
    if (const auto known = known_.find(user.name); known != known_.end()) return known->second;
    Permissions permissions;
    for (const auto& name : user.roles) {
        SALVOR_TRY(const auto held, role(name));
        if (!held) continue;
        for (const auto& permission : held->permissions) permissions.add(permission);
    }
    return known_[user.name] = permissions;
}

Result<Verdict> Auth::admin(const Sender& sender) const {
    if (!enabled_) return done;
    if (sender.username.empty()) return user_empty;
    SALVOR_TRY(const auto found, user(sender.username));
    if (!found) return user_not_found;
    return has_role(*found, root) ? done : permission_denied;
}

Result<Verdict> Auth::range(const Sender& sender, Permissions::To to, const KeyRange& range) const {
    if (!enabled_) return done;
    if (sender.auth_revision == 0) return user_empty;
    if (sender.auth_revision < revision_) return old_revision;
    SALVOR_TRY(const auto found, user(sender.username));
    if (!found) return permission_denied;
    if (has_role(*found, root)) return done;
    SALVOR_TRY(const auto permissions, permissions_of(*found));
    return permissions.allow(to, range) ? done : permission_denied;
}

Result<Verdict> Auth::apply(const AuthEnableRequest&) {
    if (enabled_) return done;
    SALVOR_TRY(const auto found, user(root));
    if (!found) return Verdict{"auth: root user does not exist"};
    if (!has_role(*found, root)) return Verdict{"auth: root user does not have root role"};
    enabled_ = true;
    buckets_->put(buckets::auth, auth_keys::enabled, std::string(1, '\1'));
    return done;
}

Result<Verdict> Auth::apply(const AuthDisableRequest&) {
    if (!enabled_) return done;
    enabled_ = false;
    buckets_->put(buckets::auth, auth_keys::enabled, std::string(1, '\0'));
    raise_revision();
    return done;
}

Result<std::optional<std::string>> Auth::stored_password(const std::string& password,
                                                         const std::string& hashed) {
    if (line_ == Line::v3_4 || (!password.empty() && hashed.empty())) {
        ++passwords_hashed_;
        return hash_password(password);
    }
    return kube::parse_base64(hashed);
}

Result<Verdict> Auth::apply(const UserAddRequest& request) {
    if (request.name.empty()) return user_empty;
    SALVOR_TRY(const auto found, user(request.name));
    if (found) return Verdict{"auth: user already exists"};
    User added{request.name, {}, {}, request.no_password, true};
    if (!request.no_password) {
        SALVOR_TRY(auto password, stored_password(request.password, request.hashed_password));
        if (!password) return no_password;
        added.password = *std::move(password);
    }
    put(added);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const UserDeleteRequest& request) {
    if (enabled_ && request.name == root) return invalid_management;
    SALVOR_TRY(const auto found, user(request.name));
    if (!found) return user_not_found;
    buckets_->remove(buckets::auth_users, request.name);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const UserChangePasswordRequest& request) {
    SALVOR_TRY(auto found, user(request.name));
    if (!found) return user_not_found;
    found->password.clear();
    if (!found->no_password) {
        SALVOR_TRY(auto password, stored_password(request.password, request.hashed_password));
        if (!password) return no_password;
        found->password = *std::move(password);
    }
    put(*found);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const UserGrantRoleRequest& request) {
    SALVOR_TRY(auto found, user(request.user));
    if (!found) return user_not_found;
    if (request.role != root) {
        SALVOR_TRY(const auto granted, role(request.role));
        if (!granted) return role_not_found;
    }
    if (has_role(*found, request.role)) return done;
    found->roles.push_back(request.role);
    std::ranges::sort(found->roles);
    put(*found);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const UserRevokeRoleRequest& request) {
    if (enabled_ && request.user == root && request.role == root) return invalid_management;
    SALVOR_TRY(auto found, user(request.user));
    if (!found) return user_not_found;
    if (std::erase(found->roles, request.role) == 0) {
        return Verdict{"auth: role is not granted to the user"};
    }
    put(*found);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const RoleAddRequest& request) {
    if (request.name.empty()) return Verdict{"auth: role name is empty"};
    SALVOR_TRY(const auto found, role(request.name));
    if (found) return Verdict{"auth: role already exists"};
    put(Role{request.name, {}});
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const RoleDeleteRequest& request) {
    if (enabled_ && request.role == root) return invalid_management;
    SALVOR_TRY(const auto found, role(request.role));
    if (!found) return role_not_found;
    buckets_->remove(buckets::auth_roles, request.role);
    std::vector<User> holders;
    SALVOR_CHECK(buckets_->for_each(buckets::auth_users, [&](Bytes, Bytes value) -> Result<void> {
        SALVOR_TRY(auto holder, parse_user(value));
        if (std::erase(holder.roles, request.role) > 0) holders.push_back(std::move(holder));
        return {};
    }));
    for (const auto& holder : holders) put(holder);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const RoleGrantPermissionRequest& request) {
    if (!request.permission) return Verdict{"auth: permission not given"};
    const auto& granted = *request.permission;
    if (!is_valid(granted)) return invalid_management;
    SALVOR_TRY(auto found, role(request.role));
    if (!found) return role_not_found;
    auto& held = found->permissions;
    // Only the first of those with this key is looked at.
    const auto at = std::ranges::lower_bound(held, granted.key, {}, &Permission::key);
    if (at != held.end() && is_of(*at, granted.key, granted.range_end)) {
        at->type = granted.type;
    } else {
        held.push_back(granted);
        std::ranges::stable_sort(held, {}, &Permission::key);
    }
    put(*found);
    raise_revision();
    return done;
}

Result<Verdict> Auth::apply(const RoleRevokePermissionRequest& request) {
    SALVOR_TRY(auto found, role(request.role));
    if (!found) return role_not_found;
    const auto gone = std::erase_if(found->permissions, [&](const auto& permission) {
        return is_of(permission, request.key, request.range_end);
    });
    if (gone == 0) return Verdict{"auth: permission is not granted to the role"};
    put(*found);
    raise_revision();
    return done;
}

}  // namespace salvor::replay
