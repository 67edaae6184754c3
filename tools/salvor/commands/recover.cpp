#include "tools/salvor/commands/recover.hpp"

#include <fmt/core.h>

#include "core/report/recover.hpp"
#include "formats/base/checksum.hpp"
#include "formats/base/interrupt.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/new_file.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::recover {
namespace {

using salvor::recover::Recovery;

struct Arguments {
    std::string source;
    std::string to;
    bool certain = false;
    bool dry_run = false;
    std::string format = "text";
};

void print(const Arguments& arguments, const report::Recovered& said) {
    OutStream out;
    if (arguments.format == "json") {
        out << report::recover_json(said);
    } else if (arguments.format == "jsonl") {
        report::recover_lines(said.recovery, [&](std::string_view line) { out << line; });
    } else {
        out << report::recover_text(said);
    }
}

/// A digest that is not its bytes' says that they were changed, and nothing says where.
bool has_wrong_trailer(const Snapshot& snapshot) {
    if (!snapshot.trailer()) return false;
    const auto digest = sha256(snapshot.image());
    return *snapshot.trailer() !=
           Bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
}

/// What is in an envelope that could not be opened is no database, damaged or not.
Result<void> check_opened(const Snapshot& snapshot) {
    const auto& database = snapshot.database();
    if (database || database.error().code == ErrorCode::malformed) return {};
    return std::unexpected(database.error());
}

Result<Answer> run(const Arguments& arguments) {
    if (!arguments.dry_run) {
        SALVOR_CHECK(
            check_new_file(arguments.to, arguments.source,
                           "--to FILE is where the new snapshot goes; --dry-run makes none"));
    }
    SALVOR_TRY(const auto snapshot, open_source(arguments.source, Snapshot::Lock::refuse_held));
    SALVOR_CHECK(check_opened(snapshot));
    note_interrupts();
    const Progress progress("recovering " + arguments.source);
    SALVOR_TRY(const auto recovery,
               Recovery::run(snapshot.file().bytes(),
                             arguments.certain ? Recovery::Rows::certain : Recovery::Rows::all));
    const auto& outcome = recovery->outcome();
    if (outcome.rows + outcome.small_rows == 0) {
        return fail(ErrorCode::malformed,
                    "pages of a bbolt database are there, and no row of etcd");
    }
    verify::MadeSnapshot made;
    if (!arguments.dry_run) {
        SALVOR_TRY(made, verify::make_snapshot(
                             arguments.to, "what was recovered",
                             [&](auto& out) { return recovery->write(out); }, verify::Flaws::told));
    }
    const bool wrong_trailer = has_wrong_trailer(snapshot);
    print(arguments, {arguments.source, arguments.to, *recovery,
                      arguments.dry_run ? nullptr : &made, wrong_trailer});
    return outcome.is_whole() && made.sound ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_option(app, "--to", "FILE", arguments->to, "the snapshot to make");
    add_flag(app, "--certain", arguments->certain, "leave out rows that are not certain");
    add_flag(app, "--dry-run", arguments->dry_run, "say what can be had, write nothing");
    add_choice(app, "-o,--output", "FORMAT", arguments->format, {"text", "json", "jsonl"},
               "format of the answer: text (the default), json, or jsonl, a line for each row");
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::recover
