#include "tools/salvor/completion/described.hpp"

#include <CLI/CLI.hpp>

#include "tools/salvor/commands.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

DescribedOption described(const CLI::Option& option) {
    DescribedOption out;
    for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
    out.description = option.get_description();
    if (option.get_items_expected_max() > 0) out.value = option.get_type_name();
    return out;
}

DescribedCommand described(const Command& command) {
    DescribedCommand out;
    const auto space = command.name.find(' ');
    out.first_word = command.name.substr(0, space);
    if (space != std::string_view::npos) out.second_word = command.name.substr(space + 1);
    out.summary = command.summary;
    CLI::App app;
    declare_common(app);
    command.declare(app);
    for (const auto* option : app.get_options()) {
        if (!option->get_positional()) out.options.push_back(described(*option));
    }
    return out;
}

}  // namespace

std::vector<DescribedCommand> described_commands() {
    std::vector<DescribedCommand> out;
    out.reserve(commands().size());
    for (const auto& command : commands()) out.push_back(described(command));
    return out;
}

}  // namespace salvor::tool
