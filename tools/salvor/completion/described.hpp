#pragma once

#include <string>
#include <vector>

// The one table of commands with the options that each declares, for writing completions from.

namespace salvor::tool {

struct DescribedOption {
    std::vector<std::string> names;  ///< with their dashes, short ones first
    std::string description;
    std::string value;                 ///< what its value is called; empty: it takes none
    std::vector<std::string> choices;  ///< its value is one of these; empty: of no fixed set

    bool takes_path() const { return value == "FILE" || value == "DIR"; }
};

struct DescribedCommand {
    std::string first_word, second_word;  ///< "snapshot" and "status"; mostly there is no second
    std::string summary;
    std::vector<DescribedOption> options;
};

std::vector<DescribedCommand> described_commands();

/// A command with its description, as a shell is told of it.
struct Word {
    std::string word, description;
};

/// How bash and zsh write what a walk over the commands comes to.
struct CaseWriter {
    /// The options of the command that was typed, by its whole name.
    std::string (*options)(const std::string& name, const DescribedCommand& command);
    /// What may follow exactly what was typed; a description may be empty.
    std::string (*choices)(const std::string& typed, const std::vector<Word>& words);
    const char* between;  ///< the options' cases and the choices'
};
/// The cases of all commands.
std::string cases_of(const std::vector<DescribedCommand>& commands, const CaseWriter& writer);

std::string bash_completion(const std::vector<DescribedCommand>& commands);
std::string zsh_completion(const std::vector<DescribedCommand>& commands);
std::string fish_completion(const std::vector<DescribedCommand>& commands);

}  // namespace salvor::tool
