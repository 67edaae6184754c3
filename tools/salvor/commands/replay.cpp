#include "tools/salvor/commands/replay.hpp"

#include <fmt/core.h>

#include <charconv>

#include "core/report/replay.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/new_file.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::replay {
namespace {

struct Arguments {
    std::string source;
    std::string to;
    std::optional<std::string> wal_dir;
    std::string until;
    bool include_uncommitted = false;
    bool dry_run = false;
    Format format = Format::text;
};

/// REVISION or index:N.
Result<salvor::replay::Wanted> wanted(const Arguments& arguments) {
    salvor::replay::Wanted wanted{arguments.include_uncommitted, {}, {}};
    if (arguments.until.empty()) return wanted;
    constexpr std::string_view index_prefix = "index:";
    std::string_view number = arguments.until;
    const bool is_index = number.starts_with(index_prefix);
    if (is_index) number.remove_prefix(index_prefix.size());
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size() || value < 1) {
        return fail(ErrorCode::usage, "--until {}: a revision, or index:N for an entry of the log",
                    text::escape(arguments.until));
    }
    if (is_index) {
        wanted.until_index = static_cast<std::uint64_t>(value);
    } else {
        wanted.until_revision = value;
    }
    return wanted;
}

Result<Answer> run(const Arguments& arguments) {
    if (!arguments.dry_run) {
        SALVOR_CHECK(check_new_file(arguments.to, arguments.source,
                                    "--to FILE is where the snapshot goes; --dry-run makes none"));
    }
    SALVOR_TRY(const auto until, wanted(arguments));
    SALVOR_TRY(auto snapshot, open_source(arguments.source, Snapshot::Lock::refuse_held));
    if (arguments.wal_dir) SALVOR_CHECK(snapshot.take_wal_from(*arguments.wal_dir));
    note_interrupts();
    Progress progress("replaying " + arguments.source);
    SALVOR_TRY(const auto replayed,
               salvor::replay::Replay::run(snapshot, until, std::ref(progress)));
    verify::MadeSnapshot made;
    if (!arguments.dry_run) {
        SALVOR_TRY(made, verify::make_snapshot(arguments.to, "what was replayed",
                                               [&](auto& out) { return replayed->write(out); }));
    }
    const report::Replayed said{arguments.source, arguments.to, replayed->outcome(),
                                arguments.dry_run ? nullptr : &made};
    fmt::print("{}", arguments.format == Format::json ? report::replay_json(said)
                                                      : report::replay_text(said));
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_option(app, "--to", "FILE", arguments->to, "the snapshot to make");
    add_option(app, "--wal-dir", "DIR", arguments->wal_dir,
               "where the log lies (SOURCE/member/wal)");
    add_option(app, "--until", "REVISION|index:N", arguments->until,
               "the last revision, or the last entry of the log, to apply");
    add_flag(app, "--include-uncommitted", arguments->include_uncommitted,
             "apply also what may have been rolled back");
    add_flag(app, "--dry-run", arguments->dry_run, "say what would be replayed, write nothing");
    add_format(app, arguments->format);
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::replay
