#include "tools/salvor/standin/command_tree.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/upstream/quote.hpp"

namespace salvor::tool::standin {
namespace {

constexpr std::size_t name_padding = 11;        // cobra's least width of a list of commands
constexpr std::size_t suggestion_distance = 2;  // cobra SuggestionsMinimumDistance

/// What is known of options while commands are looked for: help is not there yet.
class Known {
 public:
    Known(const Tree& tree, const Node& node) {
        flags_.add_all(tree.persistent);
        flags_.add_all(node.flags);
    }
    /// The next word is this one's value, for all that the search knows.
    bool takes_next(const std::string& word) {
        if (word.size() < 2 || word[0] != '-' || word.find('=') != std::string::npos) return false;
        if (word[1] == '-') return !is_boolean(flags_.find(Bytes(word).substr(2)));
        return word.size() == 2 && !is_boolean(flags_.find_short(word[1]));
    }

 private:
    static bool is_boolean(const Flag* flag) { return flag && flag->type == FlagType::boolean; }
    Flags flags_;
};

std::vector<std::string> without_flags(const Tree& tree, const Node& node,
                                       const std::vector<std::string>& words) {
    Known known(tree, node);
    std::vector<std::string> rest;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--") break;
        if (known.takes_next(word)) {
            if (i + 2 >= words.size()) break;
            ++i;
        } else if (!word.empty() && word[0] != '-') {
            rest.push_back(word);
        }
    }
    return rest;
}

std::vector<std::string> without(const Tree& tree, const Node& node, std::vector<std::string> words,
                                 const std::string& command) {
    Known known(tree, node);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!tree.drops_first_equal) {
            if (words[i] == "--") break;
            if (known.takes_next(words[i])) {
                ++i;
                continue;
            }
        }
        if (words[i] == command) {
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
            break;
        }
    }
    return words;
}

const Node* child(const Node& node, const std::string& word) {
    const Node* found = nullptr;
    std::size_t matches = 0;
    for (const auto& candidate : node.children) {
        if (candidate.name() == word) return &candidate;
        if (candidate.name().starts_with(word)) {
            found = &candidate;
            ++matches;
        }
    }
    return matches == 1 ? found : nullptr;
}

std::string lower(std::string text) {
    for (auto& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return text;
}

/// Levenshtein's.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = a[i - 1] == b[j - 1] ? diagonal : 1 + std::min({diagonal, above, row[j - 1]});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string suggestions(const Node& root, const std::string& typed) {
    std::string lines;
    // A word far longer than any command is none of them misspelt.
    if (typed.size() > 64) return lines;
    for (const auto& command : root.children) {
        const bool meant = distance(lower(typed), lower(command.name())) <= suggestion_distance ||
                           lower(command.name()).starts_with(lower(typed));
        if (meant && command.name() != "help") lines += fmt::format("\t{}\n", command.name());
    }
    return lines.empty() ? lines : "\n\nDid you mean this?\n" + lines;
}

}  // namespace

std::string Match::command_path() const {
    std::string text;
    for (const auto* node : path) text += (text.empty() ? "" : " ") + node->name();
    return text;
}

std::expected<Match, std::string> find(const Tree& tree, const std::vector<std::string>& words) {
    Match match{{&tree.root}, words};
    for (;;) {
        const auto rest = without_flags(tree, match.node(), match.words);
        if (rest.empty()) return match;
        const auto* next = child(match.node(), rest[0]);
        if (!next) {
            if (match.path.size() > 1) return match;
            return std::unexpected(
                fmt::format("unknown command {} for {}{}", upstream::quote(rest[0]),
                            upstream::quote(tree.root.name()), suggestions(tree.root, rest[0])));
        }
        match.words = without(tree, match.node(), match.words, rest[0]);
        match.path.push_back(next);
    }
}

std::string usage(const Tree& tree, const Match& match, HelpFlag help) {
    const auto& node = match.node();
    const auto path = match.command_path();
    const auto arguments = node.use.substr(node.name().size());
    std::string text = "Usage:\n";
    if (node.run)
        text += fmt::format("  {}{}{}\n", path, arguments, node.shows_flags ? " [flags]" : "");
    if (!node.children.empty()) {
        text += fmt::format("  {} [command]\n\nAvailable Commands:\n", path);
        for (const auto& command : node.children) {
            if (!command.deprecated.empty()) continue;
            text += fmt::format("  {:<{}} {}\n", command.name(), name_padding, command.summary);
        }
    }
    auto own = node.flags;
    if (help == HelpFlag::shown)
        own.push_back({"help", 'h', FlagType::boolean, "false", "help for " + node.name()});
    const bool is_root = match.path.size() == 1;
    if (is_root) own.insert(own.end(), tree.persistent.begin(), tree.persistent.end());
    text += "\nFlags:\n" + flag_lines(own);
    if (!is_root) text += "\nGlobal Flags:\n" + flag_lines(tree.persistent);
    if (!node.children.empty()) {
        text += fmt::format("\nUse \"{} [command] --help\" for more information about a command.\n",
                            path);
    }
    return text;
}

}  // namespace salvor::tool::standin
