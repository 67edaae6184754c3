#pragma once

#include <string>

namespace salvor::text {

/// A float64 as Go's encoding/json writes it: shortest digits, an exponent below 1e-6 and from 1e21
/// on.
void append_json_number(std::string& out, double value);
/// As Go's FormatFloat(value, 'g', -1, 64): an exponent below 1e-4 and from 1e6 on;
/// yaml.v2's form.
void append_yaml_number(std::string& out, double value);

}  // namespace salvor::text
