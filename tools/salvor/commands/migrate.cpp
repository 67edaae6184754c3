#include "tools/salvor/commands/migrate.hpp"

#include <algorithm>
#include <iterator>

#include "formats/text/escape.hpp"
#include "tools/salvor/rewriting.hpp"

namespace salvor::tool::migrate {
namespace {

struct Arguments : RewriteArguments {
    std::string line;
};

Result<Answer> run(const Arguments& arguments) {
    const auto line = etcd::parse_line(arguments.line);
    if (!line || *line < etcd::Line::v3_5) {
        return fail(ErrorCode::usage, "--target-version {}: 3.5, 3.6 and 3.7 are known",
                    arguments.line.empty() ? "is missing" : text::escape(arguments.line));
    }
    return run_rewrite(arguments, "migrating ",
                       [&](const Snapshot& source, auto& said) -> Result<void> {
                           SALVOR_CHECK(judge_trailer(source, arguments, said));
                           SALVOR_TRY(auto migrated, rewrite::migrate(source, *line, arguments.to));
                           said.rewritten = migrated.rewritten;
                           std::ranges::move(migrated.changes, std::back_inserter(said.changes));
                           if (migrated.changes.empty()) {
                               said.changes.push_back("nothing: it has that line's schema already");
                           }
                           return {};
                       });
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_rewrite(app, *arguments, "of a backup whose trailer is wrong");
    add_option(app, "--target-version", "LINE", arguments->line,
               "the line whose schema it gets: 3.5, 3.6 or 3.7");
    return [arguments] { return run(*arguments); };
}

}  // namespace salvor::tool::migrate
