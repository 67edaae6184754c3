#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/kube/value.hpp"

namespace salvor::cluster {

/// By which members the items of a list are told apart, as Kubernetes merges it: of built-in kinds
/// by the list's name, of custom ones by their CRD's schema. Empty: by their places.
using ListKeys = std::vector<std::string_view>;

/// `name`: the list's own. `schema`: the list's schema, of a custom resource. `before`, `after`:
/// the items that will be compared; keys that do not tell them apart are not used.
ListKeys list_keys(std::string_view name, const kube::Value* schema, const kube::Value& before,
                   const kube::Value& after);

/// The schema of a member; nullptr where there is none.
const kube::Value* schema_below(const kube::Value* schema, std::string_view name);

/// What tells an item apart: "name=web", "port=80,protocol=TCP"; of a text itself in quotes.
std::string identity(const kube::Value& item, const ListKeys& keys);
/// The key of a list of texts that is a set.
constexpr std::string_view itself;

}  // namespace salvor::cluster
