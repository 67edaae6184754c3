#include "tools/salvor/commands/history.hpp"

#include "core/report/history.hpp"
#include "tools/salvor/carving.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_views.hpp"
#include "tools/salvor/error_document.hpp"
#include "tools/salvor/nothing_found.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"

namespace salvor::tool::history {
namespace {

using report::HistoryFormat;

struct Options {
    ClusterOptions cluster;
    std::vector<std::string> others;
    std::vector<std::string> words;
    std::string raw_key;
    std::string namespace_name;
    std::string output = "text";
    bool managed_fields = false;
    bool carved = false;
};

HistoryFormat format_of(const std::string& output) {
    if (output == "json") return HistoryFormat::json;
    return output == "jsonl" ? HistoryFormat::jsonl : HistoryFormat::text;
}

Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster) {
    cluster::Query query;
    query.one_object = true;
    query.raw_key = options.raw_key;
    query.namespace_name = options.namespace_name;
    if (options.raw_key.empty() == options.words.empty()) {
        return fail(ErrorCode::usage,
                    "history: name one object, by KIND NAME or KIND/NAME, or by --key KEY");
    }
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), options.words));
    if (options.raw_key.empty() && !cluster::is_one_object(query.targets, options.words)) {
        return fail(ErrorCode::usage,
                    "history: it is told of one object at a time: one KIND and one NAME");
    }
    return query;
}

/// The files, and the last revision that is told.
struct Files {
    ClusterViews all;
    std::int64_t last = INT64_MAX;

    std::vector<const cluster::Cluster*> clusters() const {
        std::vector<const cluster::Cluster*> found;
        for (const auto& view : all.views) found.push_back(&view.cluster());
        return found;
    }
    std::vector<const cluster::Times*> times_of_each() const {
        std::vector<const cluster::Times*> found;
        for (const auto& of_one : all.times) found.push_back(&of_one);
        return found;
    }
};

Result<Files> open_files(const Options& options) {
    Files files;
    if (options.others.empty()) {
        SALVOR_TRY(auto view, ClusterView::open(options.cluster));
        const bool is_asked = options.cluster.revision != 0 || !options.cluster.at.empty();
        if (is_asked) files.last = view.cluster().revision();
        files.all.sources.push_back(options.cluster.source);
        files.all.views.push_back(std::move(view));
        return files;
    }
    auto sources = options.others;
    sources.insert(sources.begin(), options.cluster.source);
    SALVOR_TRY(files.all, ClusterViews::open(sources, options.cluster));
    SALVOR_TRY(files.last, files.all.asked_revision(options.cluster));
    files.all.put_newest_first();
    return files;
}

Result<Answer> run(const Options& options) {
    const auto format = format_of(options.output);
    SALVOR_TRY(auto files, open_files(options));
    const auto& cluster = files.all.views.front().cluster();
    SALVOR_TRY(const auto query, query_of(options, cluster));
    std::vector<timeline::Carved> carved;
    if (options.carved) {
        SALVOR_TRY(carved, carve_all(files.all));
    }
    const auto history = cluster::History::of(files.clusters(), query, files.last, carved);
    if (!history && history.error().code == ErrorCode::not_found) {
        say_error(history.error(), format == HistoryFormat::json ? Format::json : Format::text);
        say_unknown_namespace(cluster, query.namespace_name);
        return Answer::no;
    }
    if (!history) return std::unexpected(history.error());
    SALVOR_CHECK(files.all.read_times());
    OutStream out;
    bool all_read = true;
    const auto printer =
        report::history_printer(*history, format, [&](Bytes text) { out.raw_lines(text); });
    history->each(files.times_of_each(), {options.managed_fields, options.cluster.show_secrets},
                  [&](const cluster::HistoryEntry& entry) {
                      all_read = all_read && entry.problem.empty();
                      printer->add(entry);
                  });
    printer->finish();
    return all_read ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_cluster(app, options->cluster);
    add_with(app, options->others);
    add_carved(app, options->carved);
    add_positional(app, "KIND", options->words, "which object: KIND NAME or KIND/NAME");
    add_key(app, options->raw_key);
    add_namespace(app, options->namespace_name, "of this namespace, where several have that NAME");
    add_choice(app, "-o,--output", "FORMAT", options->output, {"text", "json", "jsonl"},
               "text (the default), json, or jsonl: a line a revision");
    add_flag(app, "--show-managed-fields", options->managed_fields,
             "tell changes of metadata.managedFields too");
    return [options] { return on_source(options->cluster.source, run(*options)); };
}

}  // namespace salvor::tool::history
