#pragma once

#include <cstdint>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::text {

/// Lines of 16 bytes: the offset (of the first byte `offset`), the bytes in hex, those that are
/// printable ASCII.
std::string hex_dump(Bytes bytes, std::uint64_t offset);

}  // namespace salvor::text
