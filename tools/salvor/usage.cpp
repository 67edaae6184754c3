#include "tools/salvor/usage.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <vector>

#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

constexpr std::size_t text_width = 100;

/// Edit distance, for "did you mean". Levenshtein, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

/// The candidate that was probably meant; empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        if (const auto d = distance(word, candidate); d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const auto meant = nearest(word, candidates);
    return meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant);
}

std::vector<std::string> long_options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

/// `text` behind a left column that is `indent` wide, broken at spaces.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    while (text.size() > text_width - indent) {
        auto at = text.rfind(' ', text_width - indent);
        if (at == std::string_view::npos || at == 0) break;
        out += fmt::format("{}\n{:{}}", text.substr(0, at), "", indent);
        text.remove_prefix(at + 1);
    }
    return out.append(text);
}

void add_row(std::string& out, std::string_view left, std::string_view right, std::size_t column) {
    out += fmt::format("  {:<{}}", left, column);
    if (left.size() + 1 > column) out += fmt::format("\n  {:{}}", "", column);
    out += wrapped(right, column + 2) + "\n";
}

bool is_common(const CLI::Option& option) {
    return option.get_group() == common_group;
}

/// The rows of the options that `belongs` chooses, a blank line before them.
void add_rows(std::string& out, const CLI::App& app, bool (*belongs)(const CLI::Option&)) {
    std::string rows;
    for (const auto* option : app.get_options()) {
        if (belongs(*option)) add_row(rows, option_names(*option), option->get_description(), 32);
    }
    if (!rows.empty()) out += "\n" + rows;
}

std::string positionals(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options()) {
        if (!option->get_positional()) continue;
        auto name = option->get_name(true);
        if (option->get_items_expected_max() > 1) name += "...";
        out += option->get_required() ? " " + name : " [" + name + "]";
    }
    return out;
}

/// CLI11's own words, made ours: which option, what was read, what it takes.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
    std::string text = error.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
        const auto extras = app.remaining();
        const auto option = std::find_if(extras.begin(), extras.end(), [](const auto& word) {
            return word.size() > 1 && word[0] == '-';
        });
        if (option == extras.end())
            return fmt::format("unexpected argument {}", extras.empty() ? "" : extras[0]);
        return fmt::format("unknown option {}{}", *option,
                           did_you_mean(*option, long_options(app)));
    }
    if (dynamic_cast<const CLI::RequiredError*>(&error)) {
        return text.substr(0, text.find(" is required")) + " is missing";
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) &&
        text.find(" required ") != text.npos) {
        return text.substr(0, text.find(':')) + " needs a value";
    }
    constexpr std::string_view unconvertible = "Could not convert: ";
    if (text.starts_with(unconvertible)) {
        const auto equals = text.find(" = ");
        const auto name = text.substr(unconvertible.size(), equals - unconvertible.size());
        return fmt::format("{}: {} is no number that fits", name, text.substr(equals + 3));
    }
    return text;
}

}  // namespace

std::string option_names(const CLI::Option& option) {
    if (option.get_positional()) return option.get_name(true);
    std::string names;
    for (const auto& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
    for (const auto& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
    if (option.get_items_expected_max() > 0) names += " " + option.get_type_name();
    return names;
}

std::string overview() {
    std::string out =
        "salvor reads, checks and restores etcd snapshots without a cluster.\n\n"
        "usage: salvor COMMAND [options] SOURCE\n"
        "SOURCE is a snapshot, a bare db file or a member's data directory; it is never written "
        "to.\n";
    std::string_view group;
    for (const auto& command : commands()) {
        if (command.group != group) out += fmt::format("\n{}\n", command.group);
        group = command.group;
        add_row(out, command.name, command.summary, 18);
    }
    out +=
        "\nIs the backup good, what is in it, and back to a member that boots:\n"
        "  salvor verify backup.db\n"
        "  salvor info backup.db\n"
        "  salvor restore backup.db --member m1 --data-dir /var/lib/etcd --dry-run\n"
        "\n`salvor COMMAND --help` lists a command's options, `salvor help COMMAND` is its "
        "manual.\n";
    return out;
}

std::string help_text(const Command& command, const CLI::App& app) {
    auto out = fmt::format("usage: salvor {} [options]{}\n\n{}\n", command.name, positionals(app),
                           command.summary);
    add_rows(out, app, [](const CLI::Option& option) { return option.get_positional(); });
    add_rows(out, app, [](const CLI::Option& option) {
        return !option.get_positional() && !is_common(option);
    });
    add_rows(out, app, is_common);
    return out + fmt::format("\nThe manual: salvor help {}\n", command.name);
}

Error no_such_command(const std::string& word) {
    std::error_code error;
    if (std::filesystem::exists(word, error)) {
        return {ErrorCode::usage,
                fmt::format(
                    "{0} is no command but a file, and the command comes first: `salvor info {0}`",
                    word),
                {}};
    }
    std::vector<std::string> names;
    for (const auto& command : commands()) names.emplace_back(command.name);
    return {ErrorCode::usage,
            fmt::format("there is no command {}{}; `salvor help` lists them", word,
                        did_you_mean(word, names)),
            {}};
}

Error wrong_usage(const Command& command, const CLI::App& app, const CLI::ParseError& error) {
    return {ErrorCode::usage,
            fmt::format("{}: {}; see `salvor {} --help`", command.name, what_is_wrong(app, error),
                        command.name),
            {}};
}

}  // namespace salvor::tool
