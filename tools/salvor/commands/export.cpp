#include "tools/salvor/commands/export.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "core/cluster/export/folder.hpp"
#include "core/report/export.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/nothing_found.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::manifests {
namespace {

struct Options {
    ClusterOptions cluster;
    std::vector<std::string> words;
    std::optional<std::filesystem::path> to;
    std::string namespace_name;
    std::string labels;
    std::vector<std::string> renames;
    std::string output = "text";
    bool raw = false;
    bool list_rules = false;
};

Result<void> check(const Options& options) {
    const bool is_stream = options.output == "yaml";
    if (options.list_rules) return {};
    if (options.cluster.source.empty()) return no_source("export");
    if (is_stream == options.to.has_value()) {
        return fail(ErrorCode::usage,
                    "export: say where to: --to DIR for a folder, or -o yaml for one stream");
    }
    return {};
}

Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster) {
    cluster::Query query;
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), options.words));
    query.namespace_name = options.namespace_name;
    query.with_namespace = true;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(options.labels));
    return query;
}

Result<cluster::Exporter::Options> exporting(const Options& options) {
    cluster::Exporter::Options wanted{options.raw, options.cluster.show_secrets, {}};
    SALVOR_TRY(wanted.renames, cluster::parse_renames(options.renames));
    return wanted;
}

/// Sends the manifests to a folder, or to stdout as one stream.
class Sending {
 public:
    explicit Sending(const Options& options) : options_(options) {}
    Sending(const Sending&) = delete;
    Sending& operator=(const Sending&) = delete;

    Result<cluster::ExportCounts> send(const cluster::Exporter& exporter,
                                       cluster::Selection& selection) {
        auto counts = options_.to ? to_folder(exporter, selection) : to_stdout(exporter, selection);
        problems_.sum_up();
        return counts;
    }

 private:
    /// Of no manifest no folder is made.
    Result<cluster::ExportCounts> to_folder(const cluster::Exporter& exporter,
                                            cluster::Selection& selection) {
        SALVOR_TRY(auto folder, cluster::ManifestFolder::create(*options_.to));
        SALVOR_TRY(auto counts, exporter.run(
                                    selection,
                                    [&](const auto& manifest) {
                                        note(manifest);
                                        return folder.add(manifest);
                                    },
                                    failed_));
        if (folder.size() > 0) SALVOR_CHECK(folder.commit());
        return counts;
    }

    Result<cluster::ExportCounts> to_stdout(const cluster::Exporter& exporter,
                                            cluster::Selection& selection) {
        OutStream out;
        return exporter.run(
            selection,
            [&](const auto& manifest) {
                note(manifest);
                if (!is_first_) out << "---\n";
                is_first_ = false;
                out.raw_lines(cluster::manifest_yaml(manifest.value));
                return Result<void>{};
            },
            failed_);
    }

    static void note(const cluster::Exporter::Manifest& manifest) {
        if (!manifest.keeps_version) return;
        say(
            fmt::format("{} {}: it stays in the version that it is stored in, which a newer server "
                        "may not take",
                        manifest.resource, text::Escaped{manifest.name}));
    }

    const Options& options_;
    bool is_first_ = true;
    Problems problems_;
    cluster::Exporter::Failed failed_ = [this](Bytes key, const std::string& problem) {
        problems_.say(key, problem);
    };
};

void summarize(const Options& options, const cluster::ExportCounts& counts) {
    const auto place = options.to ? options.to->string() : std::string("stdout");
    if (options.output == "json") {
        fmt::print("{}", report::export_json(counts, place));
        return;
    }
    std::FILE* out = options.to ? stdout : stderr;
    fmt::print(out, "{}", report::export_text(counts, place));
}

std::uint64_t looked_at(const cluster::ExportCounts& counts) {
    auto objects = counts.exported + counts.failed;
    for (const auto& [rule, count] : counts.left_out) objects += count;
    return objects;
}

Answer print_rules(const Options& options) {
    fmt::print(
        "{}", options.output == "json" ? report::export_rules_json() : report::export_rules_text());
    return Answer::yes;
}

Result<Answer> run(const Options& options) {
    SALVOR_CHECK(check(options));
    if (options.list_rules) return print_rules(options);
    SALVOR_TRY(auto wanted, exporting(options));
    SALVOR_TRY(const auto view, ClusterView::open(options.cluster));
    const auto& cluster = view.cluster();
    SALVOR_TRY(const auto query, query_of(options, cluster));
    SALVOR_TRY(auto selection, cluster::Selection::of(cluster, query));
    SALVOR_TRY(const auto exporter, cluster::Exporter::of(cluster, std::move(wanted)));
    const Progress progress("exporting " + options.cluster.source);
    SALVOR_TRY(const auto counts, Sending(options).send(exporter, selection));
    summarize(options, counts);
    const bool is_empty = looked_at(counts) == 0;
    if (is_empty && selection.missing().empty()) say_nothing_found(cluster, query);
    say_missing(selection, cluster, query);
    const bool is_made = counts.exported > 0;
    if (!is_made && options.to)
        say(fmt::format("{} is not made: there is no manifest to put into it",
                        text::escape(options.to->string())));
    const bool is_whole = counts.failed == 0 && selection.missing().empty();
    return is_whole && is_made && !is_empty ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_cluster(app, options->cluster, Need::optional);
    add_positional(app, "KIND", options->words,
                   "which objects: KIND[,KIND...] [NAME...] or KIND/NAME...; all without it");
    add_option(app, "--to", "DIR", options->to, "the folder to make, with a file a manifest");
    add_namespace(app, options->namespace_name);
    add_labels(app, options->labels);
    add_option(app, "--rename-namespace", "OLD=NEW", options->renames,
               "rename a namespace wherever it is named; may be given several times");
    add_flag(app, "--raw", options->raw, "take nothing out: as a server would serve it");
    add_flag(app, "--list-rules", options->list_rules,
             "list the rules that leave out and clean, and look at no SOURCE");
    add_choice(app, "-o,--output", "FORMAT", options->output, {"text", "json", "yaml"},
               "of the summary: text (the default) or json; yaml: the manifests in one stream");
    return [options] { return on_source(options->cluster.source, run(*options)); };
}

}  // namespace salvor::tool::manifests
