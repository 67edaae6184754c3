#pragma once

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

namespace salvor::kube {

/// Reads one JSON text into `document`'s texts; the value returned views into them. A name that
/// comes twice keeps its last value, invalid UTF-8 becomes U+FFFD, as in Go. Errors: malformed
/// (with the offset in `text`), too_large (deeper than max_value_depth).
Result<Value> parse_json(Bytes text, Document& document);

}  // namespace salvor::kube
