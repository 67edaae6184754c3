#include "tools/salvor/standin/persona.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "core/upstream/quote.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/standin/tree.hpp"

namespace salvor::tool::standin {
namespace {

using Typed = std::vector<std::string>;

/// cobra's answer to words that do not fit a command: the error, the usage, and etcdutl's own error
/// line.
int wrong_words(const Tree& tree, const Match& match, const std::string& error) {
    say(Exit::error, error);
    fmt::print(stderr, "{}\n", usage(tree, match));
    return say(Exit::error, error);
}

/// The word is quoted in the error, and a suggestion stands behind a tab.
int unknown_command(const Tree& tree, const std::string& error) {
    fmt::print(stderr, "Error: {0}\nRun '{1} --help' for usage.\nError: {0}\n", error,
               tree.root.name());
    return static_cast<int>(Exit::error);
}

int help_about(const Tree& tree, const Typed& topic) {
    if (const auto match = find(tree, topic)) {
        fmt::print("{}", usage(tree, *match));
        return 0;
    }
    std::string words;
    for (const auto& word : topic) {
        const bool raw =
            word.find('`') == std::string::npos && upstream::quote(word).size() == word.size() + 2;
        words += (words.empty() ? "" : " ") + (raw ? "`" + word + "`" : upstream::quote(word));
    }
    fmt::print(stderr, "Unknown help topic [{}]\n{}", words,
               usage(tree, {{&tree.root}, {}}, HelpFlag::not_shown));
    return 0;
}

/// What cobra asks before a command runs; empty where all is well.
std::string argument_flaw(const Match& match, const Flags& flags, const Typed& arguments) {
    const auto& node = match.node();
    if (node.exactly && arguments.size() != *node.exactly) {
        return fmt::format("accepts {} arg(s), received {}", *node.exactly, arguments.size());
    }
    for (const auto& argument : arguments) {
        if (node.one_of.empty() ||
            std::find(node.one_of.begin(), node.one_of.end(), argument) != node.one_of.end())
            continue;
        return fmt::format("invalid argument {} for {}", upstream::quote(argument),
                           upstream::quote(match.command_path()));
    }
    std::string missing;
    for (const auto& name : node.required) {
        if (!flags.changed(name)) missing += (missing.empty() ? "\"" : "\", \"") + name;
    }
    return missing.empty() ? missing : fmt::format("required flag(s) {}\" not set", missing);
}

int run(const Tree& tree, const Typed& words) {
    const auto match = find(tree, words);
    if (!match) return unknown_command(tree, match.error());
    const auto& node = match->node();
    if (!node.deprecated.empty())
        fmt::print(stderr, "Command \"{}\" is deprecated, {}\n", node.name(), node.deprecated);
    Flags flags;
    flags.add_all(node.flags);
    flags.add_all(tree.persistent);
    flags.add({"help", 'h', FlagType::boolean, "false", ""});
    const auto arguments = flags.parse(match->words);
    if (!arguments) return wrong_words(tree, *match, arguments.error());
    if (flags.boolean("help") || !node.run) {
        fmt::print("{}", usage(tree, *match));
        return 0;
    }
    if (node.name() == "help") return help_about(tree, *arguments);
    if (const auto flaw = argument_flaw(*match, flags, *arguments); !flaw.empty())
        return wrong_words(tree, *match, flaw);
    return node.run({flags, *arguments});
}

/// The last `--as LINE` before a `--`; the line decides which options there are, so it comes first.
std::optional<std::string> line_word(const Typed& words) {
    std::optional<std::string> line;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (words[i] == "--as" && i + 1 < words.size()) line = words[i + 1];
        if (words[i].starts_with("--as=")) line = words[i].substr(5);
    }
    return line;
}

}  // namespace

int say(Exit exit, std::string_view text) {
    fmt::print(stderr, "Error: {}\n", text::escape_message(text));
    return static_cast<int>(exit);
}

void remark(std::string_view text) {
    fmt::print(stderr, "salvor: {}\n", text::escape_message(text));
}

int run_as_etcdutl(Words words) {
    return run(make_tree(Name::etcdutl, etcd::Line::v3_7, snapshot_restore::Migrate::no),
               {words.begin(), words.end()});
}

int run_as_salvor(Words words) {
    const Typed typed(words.begin(), words.end());
    const auto word = line_word(typed);
    const auto line = word ? etcd::parse_line(*word) : etcd::Line::v3_7;
    if (!line) {
        return say(Exit::error,
                   fmt::format("invalid argument {} for \"--as\" flag: it is 3.4, 3.5, 3.6 or 3.7",
                               upstream::quote(*word)));
    }
    // To stand in for a line's tool is to restore for that line.
    const auto migrate = word ? snapshot_restore::Migrate::to_line : snapshot_restore::Migrate::no;
    return run(make_tree(Name::salvor, *line, migrate), typed);
}

}  // namespace salvor::tool::standin
