#pragma once

#include <optional>
#include <string>
#include <string_view>

// The manual pages, in the program.

namespace salvor::tool {

/// The Markdown of a command's manual page ("snapshot status"), or of salvor's own (""); nullopt
/// where there is none.
std::optional<std::string_view> manual(std::string_view command);

/// A manual page for a terminal of 80 columns: no marks, paragraphs filled, tables aligned. `bold`
/// gives headings and marked words the terminal's own emphasis.
std::string rendered(std::string_view markdown, bool bold);

}  // namespace salvor::tool
