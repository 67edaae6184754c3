#pragma once

#include <optional>
#include <string>

#include "core/cluster/changes.hpp"
#include "formats/base/bytes.hpp"

namespace salvor::diff {

/// What an update came to, in a word or two: "scaled", "rolled out", "bound", "cordoned",
/// "deletion asked for"; empty where there is no word for it.
std::string detail_of(Bytes kind, const cluster::Changes& changes);

/// Why a change matters to security, where it does; "" where its kind says so: roles and their
/// bindings, service accounts, Secrets, certificate requests, webhooks, admission policies,
/// APIServices, OpenShift's users, tokens and constraints. Pods and what makes pods matter where
/// they reach beyond their container, or come to use other Secrets; Namespaces where what their
/// pods may do changes.
std::optional<std::string> security_reason(Bytes group, Bytes kind, const kube::Value* before,
                                           const kube::Value* after);

}  // namespace salvor::diff
