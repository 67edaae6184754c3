#pragma once

#include <string>

#include "core/cluster/changes.hpp"
#include "formats/kube/sinks.hpp"

// What changed in one object, as every view tells it.

namespace salvor::report {

/// A line a path, below it what was (-) and what is (+), as JSON; of long values the beginning.
std::string field_lines(const cluster::Changes& changes);
/// A value on one line; of a long one the beginning.
std::string value_words(const kube::Value& value);

/// `[{"path","old","new"}]`, `old` or `new` absent where the field is.
void tell_fields(kube::JsonSink& json, const cluster::Changes& changes);

}  // namespace salvor::report
