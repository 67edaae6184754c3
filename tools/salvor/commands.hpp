#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "formats/base/result.hpp"

namespace CLI {
class App;
}

namespace salvor::tool {

/// What the process says with its exit status, for every command alike.
enum class Answer {
    yes = 0,       ///< done
    no = 1,        ///< done, and the answer is no: flawed, different, not found
    not_done = 2,  ///< unreadable, wrong usage, refused
};

/// Runs after parsing; opens files only then. Writes the answer to stdout, talk to stderr.
using Run = std::function<Result<Answer>()>;

/// A row of the one table of commands: help, manuals, completions and their tests are made from it.
struct Command {
    std::string_view name;     ///< as typed; "snapshot status" has two words
    std::string_view group;    ///< heading in the help: look, check, rebuild, stand-in, more
    std::string_view summary;  ///< one line, lower case, no full stop
    /// Adds the command's options, opens nothing; what it returns is the command.
    Run (*declare)(CLI::App& app);
};

std::span<const Command> commands();

}  // namespace salvor::tool
