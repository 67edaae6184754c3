#pragma once

#include <functional>
#include <span>
#include <string>
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

/// What was typed behind the program's name.
using Words = std::span<const std::string>;

/// A row of the one table of commands: help, manuals, completions and their tests are made from it.
struct Command {
    std::string_view name;   ///< as typed; "snapshot status" has two words
    std::string_view group;  ///< heading in the help: look, check, rebuild, protect, stand-in, more
    std::string_view summary;  ///< one line, lower case, no full stop
    /// Adds the command's options, opens nothing; what it returns is the command.
    Run (*declare)(CLI::App& app);
    /// Where another program's parser is to be matched: reads all that was typed, the name too, and
    /// gives the exit status. It is called for whatever starts with the name's first word; declare
    /// then serves help and completion alone.
    int (*run_words)(Words words) = nullptr;
};

std::span<const Command> commands();

/// Under another program's name (a symbolic link) salvor is that program, and nothing more.
struct Persona {
    std::string_view program;
    int (*run_words)(Words words);
};

std::span<const Persona> personas();

}  // namespace salvor::tool
