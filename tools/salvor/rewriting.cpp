#include "tools/salvor/rewriting.hpp"

#include <fmt/core.h>

#include "formats/base/interrupt.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

Result<Answer> run(const RewriteArguments& arguments, const std::string& work,
                   const Rewrite& rewrite) {
    if (arguments.to.empty()) {
        return fail(ErrorCode::usage, "--to FILE is where the new snapshot goes");
    }
    SALVOR_TRY(const auto snapshot, open_source(arguments.source, Snapshot::Lock::refuse_held));
    note_interrupts();
    const Progress progress(work + arguments.source);
    report::Rewriting said{arguments.source, arguments.to, {}, {}};
    SALVOR_CHECK(rewrite(snapshot, said));
    fmt::print("{}", arguments.format == Format::json ? report::rewrite_json(said)
                                                      : report::rewrite_text(said));
    return Answer::yes;
}

}  // namespace

void add_rewrite(CLI::App& app, RewriteArguments& arguments) {
    add_source(app, arguments.source);
    add_option(app, "--to", "FILE", arguments.to, "the snapshot to make");
    add_format(app, arguments.format);
}

Result<Answer> run_rewrite(const RewriteArguments& arguments, const std::string& work,
                           const Rewrite& rewrite) {
    return on_source(arguments.source, run(arguments, work, rewrite));
}

}  // namespace salvor::tool
