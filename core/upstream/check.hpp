#pragma once

#include <string>
#include <vector>

#include "core/upstream/image.hpp"

namespace salvor::upstream {

/// What bbolt's check says of a file: its findings in its words and order, none where it is
/// content. Source: bbolt tx_check.go and db.go freepages, of the version that the image's line
/// uses.
Told<std::vector<std::string>> check(const Image& image);

/// Whether bbolt opens it for writing: a stored freelist must be one; without one the tree is
/// walked to make it, and any flaw met there ends the process. A Stop says what is wrong.
Told<void> open_for_writing(const Image& image);
/// Whether a first commit ends well: it frees the root bucket's pages and the stored freelist's,
/// which must not be free already.
Told<void> commit_once(const Image& image);

}  // namespace salvor::upstream
