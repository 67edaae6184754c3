#pragma once

#include <string>

#include "formats/base/bytes.hpp"

// Pieces of JSON byte for byte as Go's encoding/json writes them with its defaults.

namespace salvor::text {

/// A string with its quotes: <, > and & as \u003c, \u003e, \u0026, the two line separators of
/// JavaScript as
/// \u2028 and \u2029, what is no UTF-8 as \ufffd.
/// Source: go encoding/json encode.go appendString
void append_go_string(std::string& out, Bytes text);

/// A byte slice: standard base64 in quotes.
void append_go_bytes(std::string& out, Bytes bytes);
/// The same without the quotes. Pieces whose sizes are multiples of 3 can follow one another.
void append_base64(std::string& out, Bytes bytes);

}  // namespace salvor::text
