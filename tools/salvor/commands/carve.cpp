#include "tools/salvor/commands/carve.hpp"

#include <algorithm>

#include "core/report/carve.hpp"
#include "tools/salvor/carved_objects.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::carve {
namespace {

struct Arguments {
    ClusterOptions cluster;
    bool only_deleted = false;
    bool objects = false;
    std::string format = "text";

    const std::string& source() const { return cluster.source; }
};

std::vector<salvor::recover::CarvedRow> rows_of(const salvor::recover::Recovery& recovery,
                                                const Arguments& arguments) {
    auto rows = salvor::recover::carve(recovery);
    if (arguments.only_deleted) std::erase_if(rows, [](const auto& row) { return !row.deleted; });
    return rows;
}

Result<Answer> run_objects(const Arguments& arguments) {
    using report::ObjectFormat;
    if (arguments.format == "text") {
        return fail(ErrorCode::usage, "carve: --objects is of -o yaml, json and jsonl");
    }
    const auto format = arguments.format == "json"    ? ObjectFormat::json
                        : arguments.format == "jsonl" ? ObjectFormat::jsonl
                                                      : ObjectFormat::yaml;
    SALVOR_TRY(const auto view, ClusterView::open(arguments.cluster));
    const Progress progress("carving " + arguments.source());
    SALVOR_TRY(const auto recovery, salvor::recover::Recovery::run(view.snapshot().file().bytes()));
    SALVOR_TRY(const bool all_printed,
               print_carved_objects(view, *recovery, rows_of(*recovery, arguments), format,
                                    arguments.cluster.show_secrets));
    return all_printed ? Answer::yes : Answer::no;
}

Result<Answer> run(const Arguments& arguments) {
    if (arguments.objects || arguments.format == "yaml") return run_objects(arguments);
    SALVOR_TRY(const auto snapshot, open_source(arguments.source()));
    const auto& database = snapshot.database();
    if (!database && database.error().code != ErrorCode::malformed)
        return std::unexpected(database.error());
    say_if_in_use(snapshot);
    const Progress progress("carving " + arguments.source());
    SALVOR_TRY(const auto recovery, salvor::recover::Recovery::run(snapshot.file().bytes()));
    const auto rows = rows_of(*recovery, arguments);
    std::vector<salvor::recover::Fragment> fragments;
    if (!arguments.only_deleted) fragments = salvor::recover::fragments(*recovery);
    OutStream out;
    const auto write = [&](std::string_view text) { out << text; };
    const report::Carving carving{arguments.source(), *recovery, rows, fragments};
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
    auto& cluster = arguments->cluster;
    add_source(app, cluster.source);
    add_flag(app, "--only-deleted", arguments->only_deleted,
             "rows of keys that are not live alone");
    add_flag(app, "--objects", arguments->objects,
             "as Kubernetes objects in json and jsonl, too, as get prints them");
    add_choice(app, "-o,--output", "FORMAT", arguments->format, {"text", "yaml", "json", "jsonl"},
               "text (the default), json, or jsonl, a line for each row; yaml: as Kubernetes "
               "objects");
    add_view(app, cluster.kubernetes_version, cluster.encryption_config, cluster.show_secrets);
    return [arguments] { return on_source(arguments->source(), run(*arguments)); };
}

}  // namespace salvor::tool::carve
