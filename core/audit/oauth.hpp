#pragma once

#include <functional>
#include <optional>

#include "core/audit/exposure.hpp"

namespace salvor::audit {

/// What an object of OpenShift's oauth.openshift.io/v1 gives away: access tokens, authorization
/// codes and the secrets of clients, as a HeldSecret without its name and ways; nullopt: nothing.
/// `is_live(user, uid)` tells whether a user is there.
std::optional<HeldSecret> oauth_credential_of(
    Bytes kind, const kube::Value& object, std::int64_t now,
    const std::function<bool(const std::string& user, const std::string& uid)>& is_live);

}  // namespace salvor::audit
