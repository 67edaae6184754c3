#pragma once

#include <string>

#include "formats/base/result.hpp"

namespace salvor::tool {

/// Whether what is made of `source` can go to `to`: a file that is named, and none within the
/// source. `missing`: what is said where none is named. Error: usage.
Result<void> check_new_file(const std::string& to, const std::string& source, const char* missing);

}  // namespace salvor::tool
