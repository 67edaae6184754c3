#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// The commands of a group ("check"), or those that a first word begins ("snapshot").
std::vector<const Command*> commands_of(std::string_view group);
/// Such a group's commands, a line each.
std::string group_overview(std::string_view group, const std::vector<const Command*>& members);

/// One command's usage and options, from what it declared.
std::string help_text(const Command& command, const CLI::App& app);

/// An option's names and its value's: "-o, --output FORMAT"; of a positional "SOURCE".
std::string option_names(const CLI::Option& option);

/// One sentence each, with what to type instead.
Error no_such_command(const std::string& word);
Error wrong_usage(const Command& command, const CLI::App& app, const CLI::ParseError& error);

}  // namespace salvor::tool
