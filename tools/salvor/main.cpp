#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

#include "formats/base/mapped_file.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

int say(const Error& error) {
    fmt::print(stderr, "salvor: {}\n", error.message);
    return static_cast<int>(Answer::not_done);
}

/// Declares every command of the table; the one that was typed ends up in `chosen`.
void declare_all(CLI::App& app, const Command*& chosen, Run& run) {
    for (const auto& command : commands()) {
        auto* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
        sub->group(std::string(command.group));
        auto declared = command.declare(*sub);
        sub->callback([&chosen, &run, &command, declared] {
            chosen = &command;
            run = declared;
        });
    }
}

int main_of(int argc, char** argv) {
    CLI::App app{"reads, checks and restores etcd snapshots without a cluster", "salvor"};
    app.require_subcommand(1);
    const Command* chosen = nullptr;
    Run run;
    declare_all(app, chosen, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int status = app.exit(error);
        return status == 0 ? 0 : static_cast<int>(Answer::not_done);
    }
    const auto answer = run();
    if (auto intact = all_maps_intact(); !intact) return say(intact.error());
    if (!answer) return say(answer.error());
    if (std::fflush(stdout) != 0) return say({ErrorCode::io, "the answer could not be written to stdout", {}});
    return static_cast<int>(*answer);
}

}  // namespace
}  // namespace salvor::tool

int main(int argc, char** argv) {
    try {
        return salvor::tool::main_of(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "salvor: %s\n", error.what());
        return 2;
    }
}
