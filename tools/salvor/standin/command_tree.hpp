#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/salvor/standin/flags.hpp"

// Commands as the Go library spf13/cobra finds and describes them: words may be shortened, unknown
// ones are answered with what they may have meant.

namespace salvor::tool::standin {

/// What a command is run with.
struct Call {
    Flags& flags;
    const std::vector<std::string>& files;  ///< the words that are no options
};

struct Node {
    Node(std::string its_use, std::string its_summary)
        : use(std::move(its_use)), summary(std::move(its_summary)) {}
    std::string use;                     ///< its word, then how its arguments are written
    std::string summary;                 ///< one line in its parent's list
    std::vector<Flag> flags;             ///< its own; `help` comes of itself
    std::vector<std::string> required;   ///< options that must be typed
    std::optional<std::size_t> exactly;  ///< number of arguments that the parser itself demands
    std::vector<std::string> one_of;     ///< what the arguments may be; empty: anything
    std::string deprecated;              ///< what to use instead; such a command is not listed
    bool shows_flags = true;             ///< "[flags]" in its use line
    std::function<int(const Call&)> run;
    std::vector<Node> children;
    std::string name() const { return use.substr(0, use.find(' ')); }
};

struct Tree {
    Node root{"", ""};
    std::vector<Flag> persistent;  ///< of every command
    /// cobra of 3.5 drops the first word that equals the command's, be it an option's value.
    bool drops_first_equal = false;
};

/// Where the words lead: the nodes from the root down, and the words left for the last one's
/// parser.
struct Match {
    std::vector<const Node*> path;
    std::vector<std::string> words;
    const Node& node() const { return *path.back(); }
    std::string command_path() const;
};

/// An error is cobra's, on a word that is no command.
std::expected<Match, std::string> find(const Tree& tree, const std::vector<std::string>& words);

enum class HelpFlag { shown, not_shown };
std::string usage(const Tree& tree, const Match& match, HelpFlag help = HelpFlag::shown);

}  // namespace salvor::tool::standin
