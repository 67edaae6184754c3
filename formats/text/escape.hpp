#pragma once

#include <fmt/core.h>

#include <string>

#include "formats/base/bytes.hpp"

// Bytes out of a snapshot, made fit for a terminal, a log or a JSON string. What would move the
// cursor, reorder, hide or break the text is written as C and Go write it in a string literal, so
// the bytes can be had back from what is shown:
//
//     \\  \a \b \t \n \v \f \r   a backslash and the named controls
//     \xNN                       a byte that is another control or no part of legal UTF-8
//     \uNNNN  \U00NNNNNN         a legal code point that is invisible: a C1 control, a bidi or
//     zero-width mark, a
//                                space other than U+0020, a line separator, a tag, private use, a
//                                noncharacter
//
// Everything else stays as it is, letters of all scripts too.

namespace salvor::text {

/// Whether escape() would change nothing.
bool is_plain(Bytes bytes);
std::string escape(Bytes bytes);

/// For a whole message, whose parts may be escaped already: the same, but backslashes and line
/// feeds stay.
std::string escape_message(Bytes message);

/// `fmt::print("{}", Escaped{key})`: no string is built for bytes that are plain.
struct Escaped {
    Bytes bytes;
};

}  // namespace salvor::text

template <>
struct fmt::formatter<salvor::text::Escaped> : fmt::formatter<std::string_view> {
    fmt::appender format(const salvor::text::Escaped& escaped, fmt::format_context& context) const;
};
