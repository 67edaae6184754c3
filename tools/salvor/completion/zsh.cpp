#include <fmt/core.h>

#include <set>

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
    return fmt::format(" '{}:{}'", quoted(word), quoted(description));
}

std::string case_of(const DescribedCommand& command) {
    const auto name =
        command.first_word + (command.second_word.empty() ? "" : " " + command.second_word);
    auto out = fmt::format("        '{} '*) options=(", name);
    for (const auto& option : command.options) {
        for (const auto& option_name : option.names) out += choice(option_name, option.description);
    }
    return out + ") ;;\n";
}

constexpr const char* head = R"(#compdef salvor
# zsh completion of salvor, written by `salvor completion zsh`
_salvor() {
    local -a options choices
    local typed= i
    for ((i = 2; i < CURRENT; i++)); do
        case $words[i] in
            -o|--output|-w|--write-out) ((i++)) ;;
            -*) ;;
            *) typed+="$words[i] " ;;
        esac
    done
    case $typed in
)";
constexpr const char* choices_head = R"(    esac
    case $typed in
)";
constexpr const char* tail = R"(    esac
    if [[ $words[CURRENT] == -* && $#options -gt 0 ]]; then
        _describe option options
    elif [[ $words[CURRENT-1] == (-o|--output) ]]; then
        choices=(text json)
        _describe format choices
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

std::string first_words(const std::vector<DescribedCommand>& commands) {
    std::string out;
    std::set<std::string> told;
    for (const auto& command : commands) {
        if (told.insert(command.first_word).second)
            out += choice(command.first_word, command.summary);
    }
    return out;
}

std::string second_words(const std::vector<DescribedCommand>& commands, std::string_view first) {
    std::string out;
    for (const auto& command : commands) {
        if (command.first_word == first && !command.second_word.empty())
            out += choice(command.second_word, command.summary);
    }
    return out;
}

std::string choice_case(std::string_view typed, std::string_view choices) {
    return fmt::format("        '{}') choices=({}) ;;\n", typed, choices);
}

}  // namespace

std::string zsh_completion(const std::vector<DescribedCommand>& commands) {
    std::string out = head;
    std::set<std::string> first_of_two;
    for (const auto& command : commands) {
        out += case_of(command);
        if (!command.second_word.empty()) first_of_two.insert(command.first_word);
    }
    out += choices_head;
    for (const auto& first : first_of_two) {
        out += choice_case(first + " ", second_words(commands, first));
        out += choice_case(fmt::format("help {} ", first), second_words(commands, first));
    }
    out += choice_case("help ", first_words(commands));
    out += choice_case("completion ", " bash zsh fish");
    out += choice_case("", first_words(commands));
    return out + tail;
}

}  // namespace salvor::tool
