#pragma once

#include <string>

#include "core/cluster/changes.hpp"
#include "formats/base/bytes.hpp"

namespace salvor::diff {

/// What an update came to, in a word or two: "scaled", "rolled out", "bound", "cordoned",
/// "deletion asked for"; empty where there is no word for it.
std::string detail_of(Bytes kind, const cluster::Changes& changes);

/// Whether an object grants, guards or holds something: roles and their bindings, service
/// accounts, Secrets, certificate requests, webhooks, admission policies, APIServices; pods and
/// what makes pods where they reach beyond their container.
bool concerns_security(Bytes group, Bytes kind, const kube::Value* before,
                       const kube::Value* after);

}  // namespace salvor::diff
