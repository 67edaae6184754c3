#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::verify {
namespace {

constexpr Rule auth_enabled{
    "auth-enabled", Layer::record, Severity::error, "`authEnabled` is one byte, 0 or 1",
    "etcd takes any other value for off and would serve without authentication: use another "
    "backup"};
constexpr Rule auth_revision{"auth-revision", Layer::record, Severity::error,
                             "`authRevision` is 8 bytes", remedy::stops_etcd};
constexpr Rule auth_row_unknown{"auth-row-unknown", Layer::record, Severity::note,
                                "the rows of bucket auth are those that etcd writes",
                                remedy::foreign_row};
constexpr Rule auth_user{"auth-user", Layer::record, Severity::error,
                         "a user's value parses as authpb.User", remedy::stops_etcd};
constexpr Rule auth_user_name{"auth-user-name", Layer::record, Severity::error,
                              "a user's value has the name that its key has", remedy::damaged};
constexpr Rule auth_user_utf8{"auth-user-utf8", Layer::record, Severity::error,
                              "the role names in a user's value are UTF-8, as protobuf demands",
                              remedy::stops_etcd};
constexpr Rule auth_password{
    "auth-password", Layer::record, Severity::warning,
    "a user has a bcrypt password, or the option to have none",
    "nobody can log in as this user with a password: set one after the restore"};
constexpr Rule auth_role{"auth-role", Layer::record, Severity::error,
                         "a role's value parses as authpb.Role", remedy::stops_etcd};
constexpr Rule auth_role_name{"auth-role-name", Layer::record, Severity::error,
                              "a role's value has the name that its key has", remedy::damaged};
constexpr Rule auth_permission{
    "auth-permission", Layer::record, Severity::warning,
    "a permission is READ, WRITE or READWRITE on a range that is not empty",
    "the permission allows nothing: grant it again after the restore"};
constexpr std::array table{auth_enabled,   auth_revision,  auth_row_unknown, auth_user,
                           auth_user_name, auth_user_utf8, auth_password,    auth_role,
                           auth_role_name, auth_permission};

// A bcrypt hash as golang.org/x/crypto/bcrypt writes it: "$2a$10$" and 53 characters.
constexpr std::size_t bcrypt_size = 60;

bool is_bcrypt(Bytes password) {
    return password.size() == bcrypt_size && password.starts_with("$2");
}

void check_permission(const BucketRow& row, const etcd::Permission& permission,
                      Collector& findings) {
    const auto type = static_cast<int>(permission.type);
    if (type < 0 || type > static_cast<int>(etcd::PermissionType::read_write)) {
        findings.add(auth_permission, row.place(),
                     fmt::format("role {}: permission type {} is unknown",
                                 text::escape(row.entry.key), type));
        return;
    }
    const Bytes end = permission.range_end;
    if (end.empty() || end == Bytes("\0", 1) || end > permission.key) return;
    findings.add(
        auth_permission, row.place(),
        fmt::format("role {}: the range from {} to {} is empty", text::escape(row.entry.key),
                    text::escape(permission.key), text::escape(end)));
}

}  // namespace

RuleRows auth_row_rules() {
    return table;
}

void check_auth_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto [key, value, is_bucket] = row.entry;
    if (!etcd::is_known_row(etcd::buckets::auth, key)) {
        findings.add(auth_row_unknown, row.place(),
                     fmt::format("bucket auth: row {} is none of etcd's", text::escape(key)));
    }
    if (key == etcd::auth_keys::enabled) {
        if (value.size() == 1 && (value[0] == 0 || value[0] == 1)) {
            rows.auth_enabled = value[0] == 1;
        } else {
            findings.add(auth_enabled, row.place(),
                         fmt::format("authEnabled: {} bytes, not one of 0 or 1", value.size()));
        }
    } else if (key == etcd::auth_keys::revision) {
        if (!etcd::parse_u64(value)) {
            findings.add(auth_revision, row.place(),
                         fmt::format("authRevision: {} bytes, not 8", value.size()));
        }
    }
}

void check_user_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto name = text::escape(row.entry.key);
    auto user = etcd::parse_user(row.entry.value);
    if (!user) {
        findings.add(auth_user, row.place(),
                     fmt::format("user {}: {}", name, user.error().message));
        return;
    }
    if (user->name != row.entry.key) {
        findings.add(auth_user_name, row.place(),
                     fmt::format("user {}: its value says {}", name, text::escape(user->name)));
    }
    for (const auto& role : user->roles) {
        if (text::is_utf8(role)) continue;
        findings.add(auth_user_utf8, row.place(),
                     fmt::format("user {}: role name {} is not UTF-8", name, text::escape(role)));
    }
    if (!is_bcrypt(user->password) && !(user->no_password && user->password.empty())) {
        findings.add(auth_password, row.place(),
                     fmt::format("user {}: a password of {} bytes is no bcrypt hash", name,
                                 user->password.size()));
    }
    rows.users.push_back(*std::move(user));
}

void check_role_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto name = text::escape(row.entry.key);
    auto role = etcd::parse_role(row.entry.value);
    if (!role) {
        findings.add(auth_role, row.place(),
                     fmt::format("role {}: {}", name, role.error().message));
        return;
    }
    if (role->name != row.entry.key) {
        findings.add(auth_role_name, row.place(),
                     fmt::format("role {}: its value says {}", name, text::escape(role->name)));
    }
    for (const auto& permission : role->permissions) check_permission(row, permission, findings);
    rows.roles.push_back(*std::move(role));
}

}  // namespace salvor::verify
