#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "formats/kube/value.hpp"

namespace salvor::cluster {

/// One field that is not the same. What is absent on a side has no value there.
struct FieldChange {
    std::string path;  ///< `spec.containers[name=web].image`, `metadata.labels["a.b/c"]`, `x[3]`
    std::optional<kube::Value> before;
    std::optional<kube::Value> after;
};

/// The values are views into what was compared, and into `texts`.
struct Changes {
    std::vector<FieldChange> fields;  ///< members by name, items in their order
    std::deque<std::string> texts;
};

/// From one state of an object to another, down to single fields; a field that is new or gone is
/// told whole. Items of a list are compared with those of the same key (list_keys.hpp), else place
/// by place; a list of keyed items that only stand in another order is told as `x[order]`.
/// `schema`: of a custom resource, its CRD's, or nullptr.
Changes changes(const kube::Value& before, const kube::Value& after, const kube::Value* schema);

}  // namespace salvor::cluster
