#include <fmt/core.h>

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
    if (!option.value.empty())
        out += option.names.back() == "--output" ? " -x -a 'text json'" : " -r -F";
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
    string join ' ' (string match -v -- '-*' (string replace -r -- '^(text|json)$' '-' $words[2..]))
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
