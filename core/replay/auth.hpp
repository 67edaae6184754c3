#pragma once

#include <map>
#include <vector>

#include "core/replay/buckets.hpp"
#include "core/replay/permissions.hpp"
#include "core/replay/verdict.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::replay {

/// Who sent a request, as its header says.
struct Sender {
    std::string username;
    std::uint64_t auth_revision = 0;
};

/// Users, roles and whether they count, as the log goes on. Source: etcd server/auth/store.go
class Auth {
 public:
    Auth(Buckets& buckets, etcd::Line line) : buckets_(&buckets), line_(line) {}
    /// What the buckets have when it begins; first of all. Error: malformed.
    Result<void> read();

    bool enabled() const { return enabled_; }
    /// Passwords that the log has in the clear (3.4): hashed anew, under another salt.
    std::size_t passwords_hashed() const { return passwords_hashed_; }

    Result<Verdict> admin(const Sender& sender) const;
    Result<Verdict> range(const Sender& sender, Permissions::To to,
                          const etcd::KeyRange& range) const;

    Result<Verdict> apply(const etcd::AuthEnableRequest& request);
    Result<Verdict> apply(const etcd::AuthDisableRequest& request);
    Result<Verdict> apply(const etcd::UserAddRequest& request);
    Result<Verdict> apply(const etcd::UserDeleteRequest& request);
    Result<Verdict> apply(const etcd::UserChangePasswordRequest& request);
    Result<Verdict> apply(const etcd::UserGrantRoleRequest& request);
    Result<Verdict> apply(const etcd::UserRevokeRoleRequest& request);
    Result<Verdict> apply(const etcd::RoleAddRequest& request);
    Result<Verdict> apply(const etcd::RoleDeleteRequest& request);
    Result<Verdict> apply(const etcd::RoleGrantPermissionRequest& request);
    Result<Verdict> apply(const etcd::RoleRevokePermissionRequest& request);

 private:
    Result<std::optional<etcd::User>> user(Bytes name) const;
    Result<std::optional<etcd::Role>> role(Bytes name) const;
    Result<Permissions> permissions_of(const etcd::User& user) const;
    /// What is stored of a password; nullopt where etcd takes neither form.
    Result<std::optional<std::string>> stored_password(const std::string& password,
                                                       const std::string& hashed);
    void put(const etcd::User& user);
    void put(const etcd::Role& role);
    void raise_revision();

    Buckets* buckets_;
    etcd::Line line_;
    bool enabled_ = false;
    std::uint64_t revision_ = 1;
    std::size_t passwords_hashed_ = 0;
    mutable std::map<std::string, Permissions, std::less<>> known_;  ///< until something changes
};

}  // namespace salvor::replay
