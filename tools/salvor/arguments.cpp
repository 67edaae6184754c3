#include "tools/salvor/arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>

#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

constexpr std::array<std::string_view, 4> format_options{"-o", "--output", "-w", "--write-out"};

bool is_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-';
}

bool is_format_option(std::string_view word) {
    return std::find(format_options.begin(), format_options.end(), word) != format_options.end();
}

/// The first word that is no option nor an option's value.
std::size_t first_plain(Words words) {
    std::size_t at = 0;
    while (at < words.size() && is_option(words[at])) at += is_format_option(words[at]) ? 2 : 1;
    return std::min(at, words.size());
}

/// Whether all words are options and their values, as the command takes them.
bool are_options_of(const Command& command, Words words) {
    CLI::App app;
    declare_common(app);
    command.declare(app);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto& word = words[at];
        if (!is_option(word)) return false;
        const bool is_long = word.starts_with("--");
        const auto* option =
            app.get_option_no_throw(is_long ? word.substr(0, word.find('=')) : word.substr(0, 2));
        if (!option) return false;
        const bool holds_value = is_long ? word.find('=') != std::string::npos : word.size() > 2;
        if (option->get_items_expected_max() > 0 && !holds_value) ++at;
        if (at == words.size()) return false;
    }
    return true;
}

std::size_t words_of_name(const Command& command, Words words) {
    const auto space = command.name.find(' ');
    if (command.name.substr(0, space) != words[0]) return 0;
    if (space == std::string_view::npos || command.run_words) return 1;
    return words.size() > 1 && command.name.substr(space + 1) == words[1] ? 2 : 0;
}

/// The format that one word chooses: "" for none, the next word's where it is "-o" itself.
std::string_view format_in(std::string_view word, std::string_view next) {
    if (is_format_option(word)) return next;
    for (const auto option : format_options) {
        if (!word.starts_with(option)) continue;
        auto value = word.substr(option.size());
        const bool is_long = option.starts_with("--");
        if (value.starts_with('=')) return value.substr(1);
        if (!is_long) return value;
    }
    return {};
}

/// Where the command's name stands: what is before it are its options. Where no command fits, the
/// first word that may be one, for the error.
std::size_t place_of_command(Words words) {
    for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
        if (is_option(words[at])) continue;
        for (const auto& command : commands()) {
            if (words_of_name(command, words.subspan(at)) > 0 &&
                are_options_of(command, words.first(at)))
                return at;
        }
    }
    return first_plain(words);
}

}  // namespace

Invocation find_command(Words words) {
    Invocation invocation;
    const auto at = place_of_command(words);
    std::size_t taken = 0;
    if (at < words.size()) {
        invocation.word = words[at];
        taken = 1;
    }
    for (const auto& command : commands()) {
        if (taken == 0 || invocation.command) break;
        if (const auto count = words_of_name(command, words.subspan(at))) {
            invocation.command = &command;
            taken = count;
        }
    }
    const auto before = words.first(at), behind = words.subspan(at + taken);
    invocation.rest.assign(before.begin(), before.end());
    invocation.rest.insert(invocation.rest.end(), behind.begin(), behind.end());
    return invocation;
}

bool asks_for_json(Words words) {
    bool json = false;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string_view next = i + 1 < words.size() ? words[i + 1] : std::string_view();
        const auto format = format_in(words[i], next);
        if (!format.empty()) json = format == "json";
    }
    return json;
}

std::vector<std::string> split_equals(const CLI::App& app, Words words) {
    std::vector<std::string> split;
    bool options_end = false;
    for (const auto& word : words) {
        options_end = options_end || word == "--";
        const auto equals = word.find('=');
        const bool is_short = word.size() > 2 && word[0] == '-' && word[1] != '-' && equals == 2;
        const bool is_empty =
            word.starts_with("--") && equals != std::string::npos && equals + 1 == word.size();
        const auto* option = !options_end && (is_short || is_empty)
                                 ? app.get_option_no_throw(word.substr(0, equals))
                                 : nullptr;
        if (option && option->get_items_expected_max() > 0) {
            split.push_back(word.substr(0, equals));
            split.push_back(word.substr(equals + 1));
        } else {
            split.push_back(word);
        }
    }
    return split;
}

}  // namespace salvor::tool
