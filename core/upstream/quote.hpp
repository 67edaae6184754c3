#pragma once

#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::upstream {

/// As Go's %q: in double quotes, what is not printable escaped. Source: Go strconv.Quote
std::string quote(Bytes text);
/// As Go's %q of one byte: a character of that number in single quotes.
std::string quote_character(char byte);

}  // namespace salvor::upstream
