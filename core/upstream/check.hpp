#pragma once

#include <string>
#include <vector>

#include "core/upstream/image.hpp"

namespace salvor::upstream {

/// What bbolt's check says of a file: its findings in its words and order, none where it is
/// content. Source: bbolt tx_check.go and db.go freepages, of the version that the image's line
/// uses.
Told<std::vector<std::string>> check(const Image& image);

}  // namespace salvor::upstream
