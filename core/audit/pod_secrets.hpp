#pragma once

#include <set>
#include <string>

#include "formats/kube/value.hpp"

namespace salvor::audit {

/// The names of the Secrets that a pod's spec has its containers, volumes and image pulls use.
std::set<std::string> secrets_of_pod(const kube::Value& spec);

}  // namespace salvor::audit
