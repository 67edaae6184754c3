#include "tools/salvor/usage.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "core/report/page.hpp"
#include "formats/text/nearest.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

std::vector<std::string> long_options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

void add_row(std::string& out, std::string_view left, std::string_view right, std::size_t column) {
    out += fmt::format("  {:<{}}", left, column);
    if (left.size() + 1 > column) out += fmt::format("\n  {:{}}", "", column);
    out += report::wrapped(right, column + 2) + "\n";
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

/// Whoever says a place as an argument, as cp has it, is told of the option that takes it.
std::string unexpected(const CLI::App& app, const std::string& word) {
    const auto* place = app.get_option_no_throw("--data-dir");
    const bool is_place = place && place->count() == 0;
    return fmt::format("unexpected argument {}{}", word,
                       is_place ? fmt::format(" (did you mean --data-dir {}?)", word) : "");
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
            return extras.empty() ? "unexpected argument" : unexpected(app, extras[0]);
        return fmt::format("unknown option {}{}", *option,
                           text::did_you_mean(*option, long_options(app)));
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
        "manual.\n`salvor help cookbook` says what to do, step by step.\n";
    return out;
}

std::vector<const Command*> commands_of(std::string_view group) {
    std::vector<const Command*> found;
    for (const auto& command : commands()) {
        const bool is_first_word = command.name.starts_with(std::string(group) + " ");
        if (command.group == group || is_first_word) found.push_back(&command);
    }
    return found;
}

std::string group_overview(std::string_view group, const std::vector<const Command*>& members) {
    auto out = fmt::format("{}\n", group);
    for (const auto* command : members) add_row(out, command->name, command->summary, 18);
    return out +
           "\n`salvor COMMAND --help` lists a command's options, `salvor help COMMAND` is its "
           "manual.\n";
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
                        text::did_you_mean(word, names)),
            {}};
}

Error wrong_usage(const Command& command, const CLI::App& app, const CLI::ParseError& error) {
    if (dynamic_cast<const CLI::RequiredError*>(&error)) {
        const std::string text = error.what();
        const auto name = text.substr(0, text.find(" is required"));
        const auto* option = app.get_option_no_throw(name);
        return {ErrorCode::usage,
                missing(command.name, name, option ? option->get_description() : ""),
                {}};
    }
    return {ErrorCode::usage,
            fmt::format("{}: {}; see `salvor {} --help`", command.name, what_is_wrong(app, error),
                        command.name),
            {}};
}

}  // namespace salvor::tool
