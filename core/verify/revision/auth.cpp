#include <algorithm>
#include <set>

#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule auth_root{
    "auth-root", Layer::revision, Severity::error,
    "where authentication is on, user root is there and has role root",
    "etcd keeps both as long as authentication is on, so users are lost: use another backup, or "
    "restore with `--force --disable-auth` and make the users anew"};
constexpr Rule auth_user_role{
    "auth-user-role", Layer::revision, Severity::warning, "a user's roles are there",
    "the user has fewer rights than it had: make the role and grant it after the restore"};
constexpr std::array table{auth_root, auth_user_role};

// Role root needs no row: etcd grants it by name. Source: etcd server/auth/store.go UserGrantRole
constexpr Bytes root = "root";

Place at_user(Bytes name) {
    Place place;
    place.bucket = etcd::buckets::auth_users;
    place.key = std::string(name);
    return place;
}

bool has_role(const etcd::User& user, Bytes role) {
    return std::find(user.roles.begin(), user.roles.end(), role) != user.roles.end();
}

void check_user_roles(const Rows& rows, Collector& findings) {
    std::set<Bytes> known{root};
    for (const auto& role : rows.roles) known.insert(role.name);
    for (const auto& user : rows.users) {
        for (const auto& role : user.roles) {
            if (known.contains(role)) continue;
            findings.add(auth_user_role, at_user(user.name),
                         fmt::format("user {} has role {}, which is not there",
                                     text::escape(user.name), text::escape(role)));
        }
    }
}

void check_root(const Rows& rows, Collector& findings) {
    const auto found = std::find_if(rows.users.begin(), rows.users.end(),
                                    [](const auto& user) { return user.name == root; });
    if (found == rows.users.end()) {
        findings.add(auth_root, at_user(root), "authentication is on and user root is not there");
    } else if (!has_role(*found, root)) {
        findings.add(auth_root, at_user(root),
                     "authentication is on and user root has no role root");
    }
}

}  // namespace

RuleRows auth_rules() {
    return table;
}

void check_auth(const Rows& rows, Collector& findings) {
    if (rows.is_complete(etcd::buckets::auth_roles)) check_user_roles(rows, findings);
    if (rows.auth_enabled == true && rows.is_complete(etcd::buckets::auth_users))
        check_root(rows, findings);
}

}  // namespace salvor::verify
