#pragma once

#include <string>

#include "formats/base/result.hpp"
#include "tools/salvor/arguments.hpp"

namespace CLI {
class Option;
class ParseError;
}  // namespace CLI

// What salvor says about its own use.

namespace salvor::tool {

/// All commands in their groups, a line each.
std::string overview();

/// One command's usage and options, from what it declared.
std::string help_text(const Command& command, const CLI::App& app);

/// An option's names and its value's: "-o, --output FORMAT"; of a positional "SOURCE".
std::string option_names(const CLI::Option& option);

/// One sentence each, with what to type instead.
Error no_such_command(const std::string& word);
Error wrong_usage(const Command& command, const CLI::App& app, const CLI::ParseError& error);

}  // namespace salvor::tool
