#include <fmt/format.h>

#include "tools/salvor/completion/described.hpp"

namespace salvor::tool {
namespace {

/// Within single quotes, and with the colon that parts a word from its description.
std::string quoted(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            if (c == ':' || c == '\\') out += '\\';
            out += c;
        }
    }
    return out;
}

std::string choice(std::string_view word, std::string_view description) {
    if (description.empty()) return fmt::format(" {}", word);
    return fmt::format(" '{}:{}'", quoted(word), quoted(description));
}

std::string options_case(const std::string& name, const DescribedCommand& command) {
    std::string options, valued, paths, values;
    for (const auto& option : command.options) {
        for (const auto& option_name : option.names) {
            options += choice(option_name, option.description);
            if (!option.value.empty()) valued += " " + option_name;
            if (option.takes_path()) paths += " " + option_name;
        }
        if (option.choices.empty()) continue;
        values += fmt::format("                {}) values=({}) ;;\n", fmt::join(option.names, "|"),
                              fmt::join(option.choices, " "));
    }
    auto out = fmt::format("        '{} '*)\n            options=({}) valued=({}) paths=({})\n",
                           name, options, valued, paths);
    if (!values.empty()) out += "            case $before in\n" + values + "            esac\n";
    return out + "            ;;\n";
}

std::string choices_case(const std::string& typed, const std::vector<Word>& words) {
    std::string list;
    for (const auto& word : words) list += choice(word.word, word.description);
    return fmt::format("        '{}') choices=({}) ;;\n", typed, list);
}

constexpr const char* head = R"(#compdef salvor
# zsh completion of salvor, written by `salvor completion zsh`
_salvor() {
    local -a options valued paths values choices
    local typed= before=$words[CURRENT-1] i
    for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
            -o|--output|-w|--write-out) ((i++)) ;;
            -*) ;;
            *) typed+="$words[i] " ;;
        esac
    done
    case $typed in
)";
constexpr const char* between = R"(    esac
    case $typed in
)";
constexpr const char* tail = R"(    esac
    if (( $#values )); then
        _describe value values
    elif (( ${valued[(Ie)$before]} )); then
        (( ! ${paths[(Ie)$before]} )) || _files
    elif [[ $words[CURRENT] == -* && $#options -gt 0 ]]; then
        _describe option options
    elif (( $#choices )); then
        _describe command choices
    else
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _salvor "$@"
else
    compdef _salvor salvor
fi
)";

}  // namespace

std::string zsh_completion(const std::vector<DescribedCommand>& commands) {
    return head + cases_of(commands, {options_case, choices_case, between}) + tail;
}

}  // namespace salvor::tool
