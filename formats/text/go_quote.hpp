#pragma once

#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::text {

/// A Go string literal, as fmt's %q writes it: what is not printable escaped, bytes that are no
/// UTF-8 as \xNN. Source: go strconv/quote.go
void append_go_quoted(std::string& out, Bytes text);

}  // namespace salvor::text
