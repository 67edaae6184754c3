#pragma once

#include <expected>
#include <string>

#include "core/upstream/page_window.hpp"
#include "core/upstream/status.hpp"

namespace salvor::upstream {

/// The status of a file that is sound by stricter rules than upstream's, fast. Where anything is
/// otherwise than bbolt writes it, an Error says what: the file must then be read as upstream does.
/// `fd` is the file's, whose image starts at its first byte.
Result<Status> quick_status(const Image& image, int fd);

/// Whether the tree is sound by those rules, its rows unseen.
Result<void> quick_check(const Image& image, int fd, Access access);

}  // namespace salvor::upstream
