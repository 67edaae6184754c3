#pragma once

#include <functional>

#include "core/audit/exposure.hpp"

namespace salvor::audit {

/// What a Secret's own value says of it, as a HeldSecret without its ways. `is_live(account, uid)`
/// tells whether a service account is there, by namespace and name.
HeldSecret credential_of(
    const kube::Value& secret, std::int64_t now,
    const std::function<bool(const std::string& namespace_name, const std::string& name,
                             const std::string& uid)>& is_live);

}  // namespace salvor::audit
