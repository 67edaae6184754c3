#pragma once

#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::upstream {

/// The stored version as coreos/go-semver gives it back; empty where it is none to it.
std::string normal_version(Bytes stored);

}  // namespace salvor::upstream
