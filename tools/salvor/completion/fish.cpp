#include <fmt/format.h>

#include <set>

#include "tools/salvor/completion/described.hpp"

namespace salvor::tool {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string option_line(const std::string& condition, const DescribedOption& option) {
    auto out = fmt::format("complete -c salvor -n {}", quoted(condition));
    for (const auto& name : option.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.choices.empty()) {
        out += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
    } else if (!option.value.empty()) {
        out += option.takes_path() ? " -r -F" : " -x";
    }
    return out + fmt::format(" -d {}\n", quoted(option.description));
}

std::string word_line(const std::string& condition, const std::string& word,
                      const std::string& summary) {
    return fmt::format("complete -c salvor -n {} -f -a {} -d {}\n", quoted(condition), word,
                       quoted(summary));
}

constexpr const char* head = R"fish(# fish completion of salvor, written by `salvor completion fish`
function __salvor_words
    set -l words (commandline -opc)
    set -l typed
    set -l is_value 0
    for word in $words[2..]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word -o --output -w --write-out
            set is_value 1
        else if not string match -q -- '-*' $word
            set -a typed $word
        end
    end
    string join ' ' $typed
end
function __salvor_typed
    test "$(__salvor_words)" = "$argv"
end
function __salvor_in
    string match -q -- "$argv *" "$(__salvor_words) "
end
complete -c salvor -n '__salvor_typed completion' -f -a 'bash zsh fish'
)fish";

}  // namespace

std::string fish_completion(const std::vector<DescribedCommand>& commands) {
    std::string out = head;
    std::set<std::string> told;
    for (const auto& command : commands) {
        const bool two = !command.second_word.empty();
        if (told.insert(command.first_word).second) {
            out += word_line("__salvor_typed", command.first_word, command.summary);
            out += word_line("__salvor_typed help", command.first_word, command.summary);
        }
        if (two)
            out += word_line("__salvor_typed " + command.first_word, command.second_word,
                             command.summary);
        const auto name = command.first_word + (two ? " " + command.second_word : "");
        for (const auto& option : command.options)
            out += option_line("__salvor_in " + name, option);
    }
    return out;
}

}  // namespace salvor::tool
