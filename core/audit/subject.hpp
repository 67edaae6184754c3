#pragma once

#include <compare>
#include <string>
#include <vector>

// Who is bound to a role, and who asks.
// Source: kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go, apiserver
// pkg/authentication/serviceaccount/util.go, pkg/endpoints/filters/impersonation.go

namespace salvor::audit {

struct Subject {
    enum class Kind : std::uint8_t { user, group, service_account };
    Kind kind{};
    std::string namespace_name;  ///< of a service account
    std::string name;
    auto operator<=>(const Subject&) const = default;

    /// As an option takes it: "user:jane", "group:dev", "system:serviceaccount:shop:web". A user of
    /// a system: name goes without `user:`.
    std::string words() const;
};

/// In whose groups everybody may do everything, whatever the roles say.
constexpr std::string_view masters = "system:masters";
constexpr std::string_view nodes = "system:nodes";

/// Somebody as an apiserver sees them once they have shown who they are.
struct Identity {
    std::string user;  ///< empty: no certain user, anybody in the groups
    std::vector<std::string> groups;

    /// With the groups that an apiserver adds by itself, as to somebody who is impersonated.
    static Identity of(std::string user, std::vector<std::string> groups);
    /// By one word: "system:serviceaccount:NS:NAME", "user:NAME", "group:NAME", or a user's name.
    static Identity parse(const std::string& word, std::vector<std::string> more_groups);

    bool is_in(std::string_view group) const;
    bool is(const Subject& subject) const;
    /// "user jane (groups system:authenticated)"
    std::string words() const;
};

}  // namespace salvor::audit
