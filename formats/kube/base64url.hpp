#pragma once

#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::kube {

/// With `-` and `_`, and no padding, as a JWT has it. Source: RFC 7515 section 2
std::string base64url(Bytes bytes);
std::optional<std::string> parse_base64url(Bytes text);

}  // namespace salvor::kube
