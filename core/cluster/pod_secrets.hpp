#pragma once

#include <set>
#include <string>

#include "formats/kube/value.hpp"

namespace salvor::cluster {

/// The names of the Secrets that a pod's spec has its containers and volumes use.
std::set<std::string> secrets_in_pod(const kube::Value& spec);
/// Those, and the ones that its images are pulled with.
std::set<std::string> secrets_of_pod(const kube::Value& spec);

}  // namespace salvor::cluster
