#include "tools/salvor/completion/described.hpp"

#include <CLI/CLI.hpp>

#include <set>

#include "tools/salvor/choices.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

DescribedOption described(CLI::Option& option) {
    DescribedOption out;
    for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
    out.description = option.get_description();
    if (option.get_items_expected_max() > 0) out.value = option.get_type_name();
    out.choices = choices_of(option);
    return out;
}

DescribedCommand described(const Command& command) {
    DescribedCommand out;
    const auto space = command.name.find(' ');
    out.first_word = command.name.substr(0, space);
    if (space != std::string_view::npos) out.second_word = command.name.substr(space + 1);
    out.summary = command.summary;
    CLI::App app;
    declare_common(app);
    command.declare(app);
    for (auto* option : app.get_options()) {
        if (!option->get_positional()) out.options.push_back(described(*option));
    }
    return out;
}

/// The first words, each once, or the second ones behind `first`.
std::vector<Word> words_behind(const std::vector<DescribedCommand>& commands,
                               const std::string& first) {
    std::vector<Word> words;
    for (const auto& command : commands) {
        if (first.empty()) {
            const bool is_new = words.empty() || words.back().word != command.first_word;
            if (is_new) words.push_back({command.first_word, command.summary});
        } else if (command.first_word == first && !command.second_word.empty()) {
            words.push_back({command.second_word, command.summary});
        }
    }
    return words;
}

}  // namespace

std::string cases_of(const std::vector<DescribedCommand>& commands, const CaseWriter& writer) {
    std::string out;
    std::set<std::string> first_of_two;
    for (const auto& command : commands) {
        const bool two = !command.second_word.empty();
        out += writer.options(command.first_word + (two ? " " + command.second_word : ""), command);
        if (two) first_of_two.insert(command.first_word);
    }
    out += writer.between;
    for (const auto& first : first_of_two) {
        const auto words = words_behind(commands, first);
        out += writer.choices(first + " ", words) + writer.choices("help " + first + " ", words);
    }
    const auto words = words_behind(commands, "");
    out += writer.choices("help ", words);
    out += writer.choices("completion ", {{"bash", ""}, {"zsh", ""}, {"fish", ""}});
    return out + writer.choices("", words);
}

std::vector<DescribedCommand> described_commands() {
    std::vector<DescribedCommand> out;
    out.reserve(commands().size());
    for (const auto& command : commands()) out.push_back(described(command));
    return out;
}

}  // namespace salvor::tool
