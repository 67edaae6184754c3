#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "formats/base/interrupt.hpp"
#include "formats/base/mapped_file.hpp"
#include "tools/salvor/arguments.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/error_document.hpp"
#include "tools/salvor/evidence.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/usage.hpp"

namespace salvor::tool {
namespace {

int fail_with(const Error& error, Format format) {
    say_error(error, format);
    return static_cast<int>(Answer::not_done);
}

Result<Answer> run_to_end(const Run& run) {
    auto answer = run();
    // Before its error, too: lost bytes look like damage.
    SALVOR_CHECK(all_maps_intact());
    if (!answer) return answer;
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
        return fail(ErrorCode::io, "the answer could not be written to stdout");
    }
    return answer;
}

int run_and_say(const Run& run, Format format, std::string& problem) {
    const auto answer = run_to_end(run);
    if (answer) return static_cast<int>(*answer);
    problem = answer.error().message;
    return fail_with(answer.error(), format);
}

/// `typed`: all that was, for --evidence.
int run_with_evidence(const Run& run, Words typed, Format format) {
    std::string problem;
    if (evidence_path().empty()) return run_and_say(run, format, problem);
    auto evidence = EvidenceTaking::begin(typed);
    if (!evidence) return fail_with(evidence.error(), format);
    const int status = run_and_say(run, format, problem);
    const auto finished = evidence->finish(status, problem);
    return finished ? status : fail_with(finished.error(), format);
}

/// `words`: those but for the command's name; `typed`: all.
int run_command(const Command& command, Words words, Words typed, Format format) {
    CLI::App app;
    declare_common(app);
    const auto run = command.declare(app);
    try {
        auto split = split_equals(app, words);
        std::reverse(split.begin(), split.end());  // as CLI11 takes them
        app.parse(std::move(split));
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", help_text(command, app));
        return 0;
    } catch (const CLI::ParseError& error) {
        return fail_with(wrong_usage(command, app, error), format);
    }
    return run_with_evidence(run, typed, format);
}

int main_of(const std::string& program, Words words);

/// Without a command there are but these.
int run_without_command(Words words) {
    const auto typed = [&](std::string_view word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (typed("--version")) {
        std::vector<std::string> as_command{"version"};
        std::copy_if(words.begin(), words.end(), std::back_inserter(as_command),
                     [](const std::string& word) { return word != "--version"; });
        return main_of("salvor", as_command);
    }
    if (typed("--help") || typed("-h")) {
        fmt::print("{}", overview());
        return 0;
    }
    fmt::print(stderr, "{}", overview());
    return static_cast<int>(Answer::not_done);
}

int main_of(const std::string& program, Words words) {
    for (const auto& persona : personas()) {
        if (std::filesystem::path(program).filename() == persona.program)
            return persona.run_words(words);
    }
    const auto invocation = find_command(words);
    const auto format = asks_for_json(words) ? Format::json : Format::text;
    if (invocation.word.empty()) return run_without_command(words);
    if (!invocation.command) return fail_with(no_such_command(invocation.word), format);
    if (invocation.command->run_words) return invocation.command->run_words(words);
    return run_command(*invocation.command, invocation.rest, words, format);
}

}  // namespace
}  // namespace salvor::tool

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        const int status = salvor::tool::main_of(argc > 0 ? argv[0] : "salvor", words);
        if (status != 0) salvor::die_if_interrupted();
        return status;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "salvor: %s\n", error.what());
        return 2;
    }
}
