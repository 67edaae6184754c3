#include "tools/salvor/choices.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

#include "formats/text/escape.hpp"

namespace salvor::tool {
namespace {

/// The name of the validator that holds them: CLI11 shows it nowhere.
constexpr std::string_view mark = "choices ";

std::string name_of(const std::vector<std::string>& words) {
    return fmt::format("{}{}", mark, fmt::join(words, " "));
}

std::string refusal(const std::string& typed, const std::vector<std::string>& words) {
    if (words.size() == 2)
        return fmt::format("{} is neither {} nor {}", text::escape(typed), words[0], words[1]);
    std::string list;
    for (const auto& word : words)
        list += (list.empty() ? "" : ", ") + word + (word.ends_with('=') ? "..." : "");
    return fmt::format("{} is none of {}", text::escape(typed), list);
}

bool fits(const std::string& typed, const std::string& word, Letters letters) {
    if (word.ends_with('=')) return typed.starts_with(word);
    return typed.size() == word.size() &&
           std::equal(
               typed.begin(), typed.end(), word.begin(), [&](unsigned char a, unsigned char b) {
                   return a == b ||
                          (letters == Letters::in_any_case && std::toupper(a) == std::toupper(b));
               });
}

}  // namespace

void take_only(CLI::Option* option, const std::vector<std::string>& words, Letters letters) {
    const auto check = [words, letters](std::string& typed) {
        if (typed.empty() && letters == Letters::in_any_case) return std::string();
        const bool known = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
            return fits(typed, word, letters);
        });
        return known ? std::string() : refusal(typed, words);
    };
    option->check(CLI::Validator(check, "", name_of(words)));
}

void offer(CLI::Option* option, const std::vector<std::string>& words) {
    option->check(CLI::Validator([](std::string&) { return std::string(); }, "", name_of(words)));
}

void add_choice(CLI::App& app, const char* names, const char* value_name, std::string& value,
                const std::vector<std::string>& words, const char* what, Letters letters) {
    take_only(app.add_option(names, value, what)->type_name(value_name), words, letters);
}

std::vector<std::string> choices_of(CLI::Option& option) {
    std::vector<std::string> words;
    try {
        for (int i = 0;; ++i) {
            const auto& name = option.get_validator(i)->get_name();
            if (!name.starts_with(mark)) continue;
            std::istringstream list(name.substr(mark.size()));
            for (std::string word; list >> word;) words.push_back(word);
        }
    } catch (const CLI::OptionNotFound&) {  // that was the last
    }
    return words;
}

}  // namespace salvor::tool
