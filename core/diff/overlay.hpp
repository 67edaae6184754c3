#pragma once

#include "formats/kube/value.hpp"

namespace salvor::diff {

/// What an object would be once a manifest was applied to it by a server: fields that the manifest
/// does not state stay as they are, items of a list that Kubernetes merges by a key likewise, any
/// other list is as it is stated. What only is written in another way is the same: a quantity
/// (`1000m` and `1`), and a field that is stated as nothing (null, empty, 0, false) and is absent.
/// `schema`: of a custom resource, its CRD's, or nullptr. The value is made of views into both.
kube::Value overlaid(const kube::Value& live, const kube::Value& manifest,
                     const kube::Value* schema);

}  // namespace salvor::diff
