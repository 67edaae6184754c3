#pragma once

#include <string_view>

namespace salvor::text {

/// Whether YAML 1.1 as kubectl's library reads it would take the bare text for something else than
/// a string: a boolean, a null, a number, a time. Source: go.yaml.in/yaml/v2 resolve.go, encode.go
/// isBase60Float
bool reads_as_other(std::string_view text);

}  // namespace salvor::text
