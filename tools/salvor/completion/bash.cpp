#include <fmt/format.h>

#include <map>
#include <set>

#include "tools/salvor/completion/described.hpp"

namespace salvor::tool {
namespace {

/// The first words, or the second ones behind `first`.
std::string words_behind(const std::vector<DescribedCommand>& commands, const std::string& first) {
    std::set<std::string> words;
    for (const auto& command : commands) {
        if (first.empty()) words.insert(command.first_word);
        if (command.first_word == first && !command.second_word.empty())
            words.insert(command.second_word);
    }
    return fmt::format("{}", fmt::join(words, " "));
}

std::string case_of(const DescribedCommand& command) {
    std::vector<std::string> options, valued;
    for (const auto& option : command.options) {
        options.insert(options.end(), option.names.begin(), option.names.end());
        if (!option.value.empty())
            valued.insert(valued.end(), option.names.begin(), option.names.end());
    }
    const auto name =
        command.first_word + (command.second_word.empty() ? "" : " " + command.second_word);
    return fmt::format("        '{} '*) options='{}' valued=' {} ' ;;\n", name,
                       fmt::join(options, " "), fmt::join(valued, " "));
}

constexpr const char* head = R"(# bash completion of salvor, written by `salvor completion bash`
_salvor() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local typed= options='--help --version' valued= choices= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            -o | --output | -w | --write-out) ((i++)) ;;
            -*) ;;
            *) typed+="${COMP_WORDS[i]} " ;;
        esac
    done
    case $typed in
)";
constexpr const char* choices_head = R"(    esac
    case $typed in
)";
constexpr const char* tail = R"(    esac
    if [[ $before == -o || $before == --output ]]; then
        choices='text json'
    elif [[ $valued == *" $before "* ]]; then
        choices=
    elif [[ $word == -* ]]; then
        choices=$options
    fi
    if [[ -n $choices ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _salvor salvor
)";

std::string choice_case(std::string_view typed, std::string_view choices) {
    return fmt::format("        '{}') choices='{}' ;;\n", typed, choices);
}

}  // namespace

std::string bash_completion(const std::vector<DescribedCommand>& commands) {
    std::string out = head;
    std::set<std::string> first_of_two;
    for (const auto& command : commands) {
        out += case_of(command);
        if (!command.second_word.empty()) first_of_two.insert(command.first_word);
    }
    out += choices_head;
    for (const auto& first : first_of_two) {
        out += choice_case(first + " ", words_behind(commands, first));
        out += choice_case(fmt::format("help {} ", first), words_behind(commands, first));
    }
    out += choice_case("help ", words_behind(commands, ""));
    out += choice_case("completion ", "bash zsh fish");
    out += choice_case("", words_behind(commands, ""));
    return out + tail;
}

}  // namespace salvor::tool
