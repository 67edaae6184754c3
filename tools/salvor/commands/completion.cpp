#include "tools/salvor/commands/completion.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "formats/text/escape.hpp"
#include "tools/salvor/completion/described.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool::completion {
namespace {

struct Options {
    std::string shell;
    Format format = Format::text;
};

Result<std::string> script_for(const std::string& shell) {
    const auto described = described_commands();
    if (shell == "bash") return bash_completion(described);
    if (shell == "zsh") return zsh_completion(described);
    if (shell == "fish") return fish_completion(described);
    return fail(ErrorCode::usage,
                "completion: {} is none of bash, zsh, fish; see `salvor completion --help`",
                text::escape(shell));
}

Result<Answer> run(const Options& options) {
    SALVOR_TRY(const auto script, script_for(options.shell));
    if (options.format == Format::json) {
        fmt::print("{}\n",
                   nlohmann::ordered_json{{"shell", options.shell}, {"script", script}}.dump());
    } else {
        fmt::print("{}", script);
    }
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_positional(app, "SHELL", options->shell, "bash, zsh or fish", Need::required);
    add_format(app, options->format);
    return [options] { return run(*options); };
}

}  // namespace salvor::tool::completion
