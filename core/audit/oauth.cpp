#include "core/audit/oauth.hpp"

#include <fmt/format.h>

#include "formats/kube/special.hpp"
#include "formats/kube/value.hpp"

namespace salvor::audit {
namespace {

using kube::Value;
using IsLive = std::function<bool(const std::string&, const std::string&)>;

/// From 4.6 on a token's name is the SHA-256 of what its bearer shows.
constexpr std::string_view digest_start = "sha256~";
/// Of a cluster's first administrator there is no User.
constexpr std::string_view first_user = "kube:admin";

std::int64_t number(const Value& object, std::string_view name) {
    const auto* found = object.find(name);
    return found && found->type == Value::Type::integer ? found->integer : 0;
}

/// So many seconds after its creation; nullopt of none.
std::optional<std::int64_t> end_after(const Value& token, std::int64_t seconds) {
    const auto* created = token.at({"metadata", "creationTimestamp"});
    const auto instant = created ? kube::parse_rfc3339(created->string) : std::nullopt;
    std::int64_t end = 0;
    if (seconds <= 0 || !instant || __builtin_add_overflow(instant->seconds, seconds, &end))
        return {};
    return end;
}

/// Of an idle token the time is moved on with each use. Source: openshift api oauth/v1/types.go
void set_end(const Value& token, std::int64_t now, HeldSecret& held) {
    const auto end = end_after(token, number(token, "expiresIn"));
    const auto idle = end_after(token, number(token, "inactivityTimeoutSeconds"));
    held.expires = idle && *idle <= now && (!end || *idle < *end) ? idle : end;
    held.validity = !held.expires          ? Validity::never_ends
                    : *held.expires <= now ? Validity::ended
                                           : Validity::ends;
}

HeldSecret token_of(const Value& token, const std::string& what, std::int64_t now,
                    const IsLive& is_live) {
    HeldSecret held;
    const std::string user(token.text("userName")), uid(token.text("userUID"));
    held.what = fmt::format("{} of {}, for client {}", what, user, token.text("clientName"));
    set_end(token, now, held);
    const auto* name = token.at({"metadata", "name"});
    if (name && name->string.starts_with(digest_start)) {
        held.what += ", whose SHA-256 alone is stored";
        held.validity = Validity::void_;
    } else if (user != first_user && !is_live(user, uid)) {
        held.what += ", and the user is gone";
        held.validity = Validity::void_;
    }
    return held;
}

bool has_secret(const Value& client) {
    const auto* more = client.find("additionalSecrets");
    return !client.text("secret").empty() || (more && !more->items.empty());
}

}  // namespace

std::optional<HeldSecret> oauth_credential_of(Bytes kind, const Value& object, std::int64_t now,
                                              const IsLive& is_live) {
    std::optional<HeldSecret> held;
    if (kind == "OAuthAccessToken") {
        held = token_of(object, "access token", now, is_live);
        held->remedy = "delete it: `kubectl delete oauthaccesstokens.oauth.openshift.io --all`";
    } else if (kind == "OAuthAuthorizeToken") {
        held = token_of(object, "authorization code", now, is_live);
        if (!object.text("codeChallenge").empty()) held->what += ", which takes a verifier as well";
        held->remedy = "delete it: `kubectl delete oauthauthorizetokens.oauth.openshift.io --all`";
    } else if (kind == "OAuthClient" && has_secret(object)) {
        held.emplace();
        held->what = "secret by which an OAuth client gets tokens of its users' logins";
        held->validity = Validity::never_ends;
        held->remedy = "a new secret in it and where its client keeps it";
    }
    if (held) held->type = kind;
    return held;
}

}  // namespace salvor::audit
