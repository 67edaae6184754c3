#include "tools/salvor/commands/compare.hpp"

#include <fmt/core.h>

#include "core/report/compare.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::compare {
namespace {

struct Arguments {
    std::vector<std::string> sources;
    Format format = Format::text;
};

/// What cannot be opened stands among the others with the reason.
salvor::compare::Contender look_at(const std::string& source) {
    Progress progress("comparing " + source);
    auto snapshot = open_source(source);
    if (snapshot) {
        say_if_in_use(*snapshot);
        return salvor::compare::look(source, *std::move(snapshot), spill_folder());
    }
    salvor::compare::Contender contender;
    contender.source = source;
    contender.verified.error = std::move(snapshot).error();
    say(contender.verified.error->message);
    return contender;
}

Answer answer_of(const salvor::compare::Comparison& comparison) {
    for (const auto& contender : comparison.contenders) {
        if (!contender.snapshot) return Answer::not_done;
    }
    return comparison.agree() ? Answer::yes : Answer::no;
}

Result<Answer> run(const Arguments& arguments) {
    if (arguments.sources.size() < 2) {
        return fail(ErrorCode::usage,
                    "compare: name two or more SOURCEs: members' data directories, backups");
    }
    std::vector<salvor::compare::Contender> contenders;
    for (const auto& source : arguments.sources) contenders.push_back(look_at(source));
    SALVOR_TRY(const auto comparison, salvor::compare::compare(std::move(contenders)));
    for (const auto& contender : comparison.contenders) {
        if (contender.snapshot) SALVOR_CHECK(contender.snapshot->file().intact());
    }
    fmt::print("{}", arguments.format == Format::json ? report::compare_json(comparison)
                                                      : report::compare_text(comparison));
    return answer_of(comparison);
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_sources(app, arguments->sources);
    add_format(app, arguments->format);
    return [arguments] { return run(*arguments); };
}

}  // namespace salvor::tool::compare
