#pragma once

#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

namespace salvor::kube {

/// The documents of a stream of manifests, YAML or JSON, as kubectl reads them: a plain scalar is
/// what YAML 1.1 makes of it (`yes` is true, `0777` is octal), an empty document is left out, a
/// List is its items. Texts are kept by `document`. Errors: malformed (with the line), too_large
/// (deeper than max_value_depth, or an alias that unfolds beyond any manifest).
Result<std::vector<Value>> read_manifests(Bytes text, Document& document);

}  // namespace salvor::kube
