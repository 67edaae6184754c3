#pragma once

#include <string_view>

namespace salvor::text {

/// The order in which kubectl's YAML writes the keys of a map: letters by code point, numbers by
/// value, other characters before letters, a prefix first. Source: go.yaml.in/yaml/v2 sorter.go
bool key_less(std::string_view a, std::string_view b);

}  // namespace salvor::text
