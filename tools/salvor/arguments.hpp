#pragma once

#include <string>
#include <vector>

#include "tools/salvor/commands.hpp"

// The words of the command line, before CLI11 sees them: options may stand anywhere, before the
// command too.

namespace salvor::tool {

struct Invocation {
    const Command* command = nullptr;  ///< nullptr: `word` is none
    std::string word;                  ///< the first that is no option; empty: there is none
    std::vector<std::string> rest;     ///< all others, in order
};
Invocation find_command(Words words);

/// Whether `-o json` was typed (`-w json` too), the last of several deciding; known also where the
/// words do not parse.
bool asks_for_json(Words words);

/// Takes `-o=json` and `--name=` apart: CLI11 2.1 reads the first as "=json", and for the second
/// takes the next word.
std::vector<std::string> split_equals(const CLI::App& app, Words words);

}  // namespace salvor::tool
