#pragma once

#include <cstdint>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::text {

/// What stands at the start of some bytes: a code point of `size` bytes, or with size 0 none that
/// is legal (cut short, overlong, a surrogate, above U+10FFFF; RFC 3629).
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t size = 0;
};
CodePoint first_code_point(Bytes bytes);

bool is_utf8(Bytes bytes);

/// A code point up to U+10FFFF.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace salvor::text
