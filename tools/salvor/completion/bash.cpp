#include <fmt/format.h>

#include "tools/salvor/completion/described.hpp"

namespace salvor::tool {
namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
}

std::string options_case(const std::string& name, const DescribedCommand& command) {
    Words options, valued, paths;
    std::string values;
    for (const auto& option : command.options) {
        add(options, option.names);
        if (!option.value.empty()) add(valued, option.names);
        if (option.takes_path()) add(paths, option.names);
        if (option.choices.empty()) continue;
        values += fmt::format("                {}) values='{}' ;;\n",
                              fmt::join(option.names, " | "), fmt::join(option.choices, " "));
    }
    auto out =
        fmt::format("        '{} '*)\n            options='{}' valued=' {} ' paths=' {} '\n", name,
                    fmt::join(options, " "), fmt::join(valued, " "), fmt::join(paths, " "));
    if (!values.empty()) out += "            case $before in\n" + values + "            esac\n";
    return out + "            ;;\n";
}

std::string choices_case(const std::string& typed, const std::vector<Word>& words) {
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "" : " ") + word.word;
    return fmt::format("        '{}') choices='{}' ;;\n", typed, list);
}

// Bash takes `--output=json` for three words.
constexpr const char* head = R"(# bash completion of salvor, written by `salvor completion bash`
_salvor() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local typed= options='--help --version' valued= paths= values= choices= i
    COMPREPLY=()
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            -o | --output | -w | --write-out)
                ((i++))
                [[ ${COMP_WORDS[i]} != = ]] || ((i++))
                ;;
            -*) ;;
            *) typed+="${COMP_WORDS[i]} " ;;
        esac
    done
    case $typed in
)";
constexpr const char* between = R"(    esac
    case $typed in
)";
constexpr const char* tail = R"(    esac
    if [[ $valued == *" $before "* ]]; then
        choices=$values
        [[ -n $values || $paths == *" $before "* ]] || return 0
    elif [[ $word == -* ]]; then
        choices=$options
    fi
    if [[ -n $choices ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
        [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _salvor salvor
)";

}  // namespace

std::string bash_completion(const std::vector<DescribedCommand>& commands) {
    return head + cases_of(commands, {options_case, choices_case, between}) + tail;
}

}  // namespace salvor::tool
