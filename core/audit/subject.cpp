#include "core/audit/subject.hpp"

#include <algorithm>

namespace salvor::audit {
namespace {

constexpr std::string_view account_prefix = "system:serviceaccount:";
constexpr std::string_view authenticated = "system:authenticated";
constexpr std::string_view unauthenticated = "system:unauthenticated";
constexpr std::string_view anonymous = "system:anonymous";

/// The namespace of a service account's user name; empty: it is none.
std::string account_namespace(std::string_view user) {
    if (!user.starts_with(account_prefix)) return {};
    const auto rest = user.substr(account_prefix.size());
    const auto colon = rest.find(':');
    const bool is_account = colon != std::string_view::npos && colon > 0 &&
                            colon + 1 < rest.size() &&
                            rest.find(':', colon + 1) == std::string_view::npos;
    return is_account ? std::string(rest.substr(0, colon)) : std::string();
}

}  // namespace

std::string Subject::words() const {
    switch (kind) {
        case Kind::service_account:
            return std::string(account_prefix) + namespace_name + ":" + name;
        case Kind::group: return "group:" + name;
        case Kind::user: break;
    }
    return "user:" + name;
}

Identity Identity::of(std::string user, std::vector<std::string> groups) {
    Identity identity{std::move(user), std::move(groups)};
    const auto add = [&](std::string group) {
        if (!identity.is_in(group)) identity.groups.push_back(std::move(group));
    };
    const auto home = account_namespace(identity.user);
    if (!home.empty()) {
        add("system:serviceaccounts");
        add("system:serviceaccounts:" + home);
    }
    if (identity.user == anonymous) {
        add(std::string(unauthenticated));
    } else if (!identity.is_in(unauthenticated)) {
        add(std::string(authenticated));
    }
    return identity;
}

Identity Identity::parse(const std::string& word, std::vector<std::string> more_groups) {
    constexpr std::string_view user = "user:", group = "group:";
    if (word.starts_with(group)) {
        more_groups.insert(more_groups.begin(), word.substr(group.size()));
        return of({}, std::move(more_groups));
    }
    return of(word.starts_with(user) ? word.substr(user.size()) : word, std::move(more_groups));
}

bool Identity::is_in(std::string_view group) const {
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

bool Identity::is(const Subject& subject) const {
    switch (subject.kind) {
        case Subject::Kind::user: return !user.empty() && user == subject.name;
        case Subject::Kind::group: return is_in(subject.name);
        case Subject::Kind::service_account: break;
    }
    return !subject.namespace_name.empty() && user == subject.words();
}

std::string Identity::words() const {
    std::string text = user.empty() ? "anybody" : user;
    for (std::size_t i = 0; i < groups.size(); ++i) text += (i == 0 ? " (in " : ", ") + groups[i];
    return groups.empty() ? text : text + ")";
}

}  // namespace salvor::audit
