#include "tools/salvor/rewriting.hpp"

#include <fmt/core.h>

#include "formats/base/checksum.hpp"
#include "formats/base/interrupt.hpp"
#include "tools/salvor/new_file.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

Result<Answer> run(const RewriteArguments& arguments, const std::string& work,
                   const Rewrite& rewrite) {
    SALVOR_CHECK(
        check_new_file(arguments.to, arguments.source, "--to FILE is where the new snapshot goes"));
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

void add_rewrite(CLI::App& app, RewriteArguments& arguments, const char* forced) {
    add_source(app, arguments.source);
    add_option(app, "--to", "FILE", arguments.to, "the snapshot to make");
    add_flag(app, "--force", arguments.force, forced);
    add_format(app, arguments.format);
}

Result<void> judge_trailer(const Snapshot& source, const RewriteArguments& arguments,
                           report::Rewriting& said) {
    if (!source.trailer()) return {};
    SALVOR_TRY(auto words,
               rewrite::judge_trailer(source, sha256(source.image()), arguments.flaws()));
    if (!words.empty()) said.changes.push_back(std::move(words));
    return {};
}

Result<Answer> run_rewrite(const RewriteArguments& arguments, const std::string& work,
                           const Rewrite& rewrite) {
    return on_source(arguments.source, run(arguments, work, rewrite));
}

}  // namespace salvor::tool
