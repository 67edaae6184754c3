#include "tools/salvor/commands/help.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tools/salvor/manual/manual.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/usage.hpp"

namespace salvor::tool::help {
namespace {

struct Options {
    std::vector<std::string> words;
    Format format = Format::text;
};

std::string joined(const std::vector<std::string>& words) {
    std::string name;
    for (const auto& word : words) name += (name.empty() ? "" : " ") + word;
    return name;
}

bool can_be_bold() {
    const char* terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && terminal && std::string_view(terminal) != "dumb" &&
           !std::getenv("NO_COLOR");
}

nlohmann::ordered_json list_of(const std::vector<const Command*>& commands) {
    auto list = nlohmann::ordered_json::array();
    for (const Command* command : commands) {
        list.push_back(
            {{"name", command->name}, {"group", command->group}, {"summary", command->summary}});
    }
    return list;
}

std::vector<const Command*> all_commands() {
    std::vector<const Command*> all;
    for (const auto& command : commands()) all.push_back(&command);
    return all;
}

Answer print_list(Format format, const std::vector<const Command*>& listed,
                  const std::string& text) {
    if (format == Format::json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"commands", list_of(listed)}}.dump());
    } else {
        fmt::print("{}", text);
    }
    return Answer::yes;
}

Result<Answer> run(const Options& options) {
    const auto name = joined(options.words);
    if (name.empty()) return print_list(options.format, all_commands(), overview());
    const auto page = manual(name == "salvor" ? "" : name);
    if (!page) {
        const auto group = commands_of(name);
        if (group.empty()) return std::unexpected(no_such_command(name));
        return print_list(options.format, group, group_overview(name, group));
    }
    if (options.format == Format::json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"name", name}, {"manual", *page}}.dump());
    } else {
        fmt::print("{}", rendered(*page, can_be_bold()));
    }
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_positional(app, "COMMAND", options->words,
                   "whose manual to show; without one, all commands are listed");
    add_format(app, options->format);
    return [options] { return run(*options); };
}

}  // namespace salvor::tool::help
