#pragma once

#include <string>
#include <vector>

// The one table of commands with the options that each declares, for writing completions from.

namespace salvor::tool {

struct DescribedOption {
    std::vector<std::string> names;  ///< with their dashes, short ones first
    std::string description;
    std::string value;  ///< what its value is called; empty: it takes none
};

struct DescribedCommand {
    std::string first_word, second_word;  ///< "snapshot" and "status"; mostly there is no second
    std::string summary;
    std::vector<DescribedOption> options;
};

std::vector<DescribedCommand> described_commands();

std::string bash_completion(const std::vector<DescribedCommand>& commands);
std::string zsh_completion(const std::vector<DescribedCommand>& commands);
std::string fish_completion(const std::vector<DescribedCommand>& commands);

}  // namespace salvor::tool
