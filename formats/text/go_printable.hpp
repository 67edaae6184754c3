#pragma once

#include <cstdint>

namespace salvor::text {

/// Whether Go's %q shows a code point as it is.
bool is_go_printable(std::uint32_t point);

}  // namespace salvor::text
