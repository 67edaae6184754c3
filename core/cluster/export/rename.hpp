#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/cluster/export/subject.hpp"

namespace salvor::cluster {

/// OLD=NEW, by OLD.
using NamespaceNames = std::map<std::string, std::string, std::less<>>;

/// Error: usage.
Result<NamespaceNames> parse_renames(const std::vector<std::string>& words);

/// Renames namespaces wherever a manifest names one: its own; a Namespace's name; every member
/// `namespace` and `...-secret-namespace`, items of `namespaces` (RBAC subjects, webhooks'
/// clientConfig, claimRef, paramRef...); selectors of kubernetes.io/metadata.name; the users and
/// groups of service accounts; a role's resourceNames of namespaces. What is opaque is left:
/// labels, annotations, a ConfigMap's and a Secret's data, env, args and DNS names in texts.
/// Whether anything was.
bool rename_namespaces(Subject& subject, const NamespaceNames& names);

}  // namespace salvor::cluster
