#include "tools/salvor/commands/carve.hpp"

#include <algorithm>

#include "core/report/carve.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::carve {
namespace {

struct Arguments {
    std::string source;
    bool only_deleted = false;
    std::string format = "text";
};

Result<Answer> run(const Arguments& arguments) {
    SALVOR_TRY(const auto snapshot, open_source(arguments.source));
    const auto& database = snapshot.database();
    if (!database && database.error().code != ErrorCode::malformed)
        return std::unexpected(database.error());
    say_if_in_use(snapshot);
    const Progress progress("carving " + arguments.source);
    SALVOR_TRY(const auto recovery, salvor::recover::Recovery::run(snapshot.file().bytes()));
    auto rows = salvor::recover::carve(*recovery);
    std::vector<salvor::recover::Fragment> fragments;
    if (arguments.only_deleted) {
        std::erase_if(rows, [](const auto& row) { return !row.deleted; });
    } else {
        fragments = salvor::recover::fragments(*recovery);
    }
    OutStream out;
    const auto write = [&](std::string_view text) { out << text; };
    const report::Carving carving{arguments.source, *recovery, rows, fragments};
    if (arguments.format == "jsonl") {
        report::carve_lines(carving, write);
    } else if (arguments.format == "json") {
        report::carve_json(carving, write);
    } else {
        report::carve_text(carving, write);
    }
    return rows.empty() && fragments.empty() ? Answer::no : Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_flag(app, "--only-deleted", arguments->only_deleted,
             "rows of keys that are not live alone");
    add_choice(app, "-o,--output", "FORMAT", arguments->format, {"text", "json", "jsonl"},
               "format of the answer: text (the default), json, or jsonl, a line for each row");
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::carve
