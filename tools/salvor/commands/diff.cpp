#include "tools/salvor/commands/diff.hpp"

#include "core/diff/patch.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/drift.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/two_views.hpp"

namespace salvor::tool::differences {
namespace {

struct Options {
    std::string before;
    std::vector<std::string> words;  ///< NEW where it is named, then kinds and names
    std::int64_t revision = 0;
    std::int64_t to_revision = 0;
    std::string namespace_name;
    std::string labels;
    std::vector<std::string> ignored;
    std::string output = "text";
    std::string kubernetes_version;
    std::string encryption_config;
    bool show_secrets = false;
    bool all = false;
    bool all_namespaces = false;
    bool list_rules = false;
    bool prune = false;
};

Result<void> set_revision(SourceAt& source, std::int64_t revision, const char* option) {
    if (revision == 0) return {};
    if (revision < 0)
        return fail(ErrorCode::usage, "diff: {} {}: revisions start at 1", option, revision);
    if (source.revision != 0)
        return fail(ErrorCode::usage, "diff: {}@{} and {}: choose one", source.path,
                    source.revision, option);
    source.revision = revision;
    return {};
}

/// Which two moments; takes NEW off the words.
Result<TwoViews::Wanted> wanted_of(const Options& options, std::vector<std::string>& words) {
    TwoViews::Wanted wanted;
    wanted.kubernetes_version = options.kubernetes_version;
    wanted.encryption_config = options.encryption_config;
    if (options.before.empty()) return no_source("diff");
    wanted.before = source_at(options.before);
    const auto second = words.empty() ? SourceAt{} : source_at(words.front());
    if (!words.empty() && second.exists()) {
        wanted.after = second;
        words.erase(words.begin());
    } else if (options.revision != 0 || options.to_revision != 0 || wanted.before.revision != 0) {
        wanted.after = {wanted.before.path, 0};
    } else {
        return fail(
            ErrorCode::usage, "diff: {}: name two sources, or of one --rev A and --to-rev B",
            words.empty() ? "there is one source" : text::escape(words.front()) + " is no file");
    }
    SALVOR_CHECK(set_revision(wanted.before, options.revision, "--rev"));
    SALVOR_CHECK(set_revision(wanted.after, options.to_revision, "--to-rev"));
    return wanted;
}

bool selects_all(const Options& options, const std::vector<std::string>& words) {
    return words.empty() && options.namespace_name.empty() && options.labels.empty();
}

/// Which objects of one side. A kind may be known on one side alone, where its CRD came or went:
/// not_found.
Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster,
                                const std::vector<std::string>& words) {
    cluster::Query query;
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), words));
    query.namespace_name = options.namespace_name;
    query.with_namespace = true;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(options.labels));
    return query;
}

bool is_not_found(const Result<cluster::Query>& query) {
    return !query && query.error().code == ErrorCode::not_found;
}

/// Of both sides; an Error where neither has it.
struct Queries {
    Result<cluster::Query> before, after;

    static Result<Queries> of(const Options& options, const TwoViews& views,
                              const std::vector<std::string>& words) {
        if (!views.is_kubernetes()) {
            return fail(ErrorCode::usage,
                        "diff: there is no Kubernetes in both: kinds, -n, -l and -o patch have no "
                        "meaning");
        }
        Queries queries{query_of(options, *views.before().cluster, words),
                        query_of(options, *views.after().cluster, words)};
        for (const auto* query : {&queries.before, &queries.after}) {
            if (!*query && !is_not_found(*query)) return std::unexpected(query->error());
        }
        if (!queries.before && !queries.after) return std::unexpected(queries.after.error());
        return queries;
    }
};

Result<std::vector<diff::FieldPath>> parsed_paths(const std::vector<std::string>& paths) {
    std::vector<diff::FieldPath> parsed;
    for (const auto& path : paths) {
        SALVOR_TRY(auto one, diff::FieldPath::parse(path));
        parsed.push_back(std::move(one));
    }
    return parsed;
}

Result<diff::Options> comparison_of(const Options& options, const TwoViews& views,
                                    const std::vector<std::string>& words) {
    diff::Options wanted;
    wanted.all = options.all;
    wanted.show_secrets = options.show_secrets;
    wanted.one_lineage = views.head().lineage.kind != diff::Lineage::Kind::two;
    SALVOR_TRY(wanted.ignored, parsed_paths(options.ignored));
    wanted.selects_all = selects_all(options, words);
    if (wanted.selects_all) return wanted;
    SALVOR_TRY(auto queries, Queries::of(options, views, words));
    wanted.query = std::move(*(queries.after ? queries.after : queries.before));
    return wanted;
}

Result<Answer> write_patch(const Options& options, const TwoViews& views,
                           const std::vector<std::string>& words) {
    if (!options.ignored.empty())
        return fail(ErrorCode::usage,
                    "diff: -o patch is of whole manifests: --ignore has no meaning");
    SALVOR_TRY(const auto queries, Queries::of(options, views, words));
    const diff::ExportSide before{views.before().cluster,
                                  queries.before ? &*queries.before : nullptr};
    const diff::ExportSide after{views.after().cluster, queries.after ? &*queries.after : nullptr};
    OutStream out;
    Problems problems;
    SALVOR_TRY(const bool any,
               diff::write_patch(
                   before, after, {options.all, options.show_secrets, {}},
                   [&](Bytes text) { out.raw_lines(text); },
                   [&](Bytes key, const std::string& problem) { problems.say(key, problem); }));
    problems.sum_up();
    return any ? Answer::no : Answer::yes;
}

/// Where NEW is manifests: they are compared with one state of SOURCE.
Result<Answer> run_drift(const Options& options, std::vector<std::string> words) {
    if (options.output == "patch")
        return fail(ErrorCode::usage,
                    "diff: -o patch is of two snapshots; with manifests, export SOURCE to a folder "
                    "and compare that");
    if (options.to_revision != 0)
        return fail(ErrorCode::usage,
                    "diff: --to-rev is a revision of NEW, and manifests have none");
    DriftRequest request;
    request.source = source_at(options.before);
    SALVOR_CHECK(set_revision(request.source, options.revision, "--rev"));
    request.manifests = words.front();
    words.erase(words.begin());
    request.words = std::move(words);
    request.namespace_name = options.namespace_name;
    request.labels = options.labels;
    request.kubernetes_version = options.kubernetes_version;
    request.encryption_config = options.encryption_config;
    request.json = options.output == "json";
    request.drift.prune = options.prune;
    auto& comparison = request.drift.comparison;
    comparison.all = options.all;
    comparison.show_secrets = options.show_secrets;
    SALVOR_TRY(comparison.ignored, parsed_paths(options.ignored));
    return diff_manifests(request);
}

Answer print_rules(const Options& options) {
    fmt::print("{}",
               options.output == "json" ? report::diff_rules_json() : report::diff_rules_text());
    return Answer::yes;
}

Result<Answer> run(const Options& options) {
    if (options.list_rules) return print_rules(options);
    auto words = options.words;
    if (!options.before.empty() && !words.empty() && is_manifests(words.front()))
        return run_drift(options, std::move(words));
    if (options.prune) return fail(ErrorCode::usage, "diff: --prune is for NEW that is manifests");
    SALVOR_TRY(const auto wanted, wanted_of(options, words));
    SALVOR_TRY(const auto views, TwoViews::open(wanted));
    SALVOR_TRY(const auto comparing, comparison_of(options, views, words));
    const auto head = views.head();
    if (!head.lineage.words.empty() && options.output != "text") say(head.lineage.words);
    if (options.output == "patch") return write_patch(options, views, words);
    OutStream out;
    const auto format =
        options.output == "json" ? report::DiffFormat::json : report::DiffFormat::text;
    const auto printer =
        report::diff_printer(head, format, [&](Bytes text) { out.raw_lines(text); });
    diff::Comparison comparison(views.before(), views.after(), comparing);
    const auto summary = comparison.run([&](const diff::Change& change) { printer->add(change); });
    printer->finish(summary);
    return summary.all.all() == 0 ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->before, Need::optional);
    add_positional(
        app, "NEW", options->words,
        "the source to compare with, or manifests: a folder, a .yaml file, -; then which "
        "objects: KIND[,KIND...] [NAME...] or KIND/NAME...");
    add_option(app, "--rev", "N", options->revision,
               "SOURCE at this revision; SOURCE@N is the same");
    add_option(app, "--to-rev", "N", options->to_revision,
               "NEW at this revision; without NEW of SOURCE itself");
    add_namespace(app, options->namespace_name);
    add_all_namespaces(app, options->all_namespaces);
    add_labels(app, options->labels);
    add_flag(app, "--all", options->all, "leave out nothing, no rule holds");
    add_option(app, "--ignore", "PATH", options->ignored,
               "leave out this field and all below it; may be given several times");
    add_flag(app, "--prune", options->prune,
             "of manifests: tell as well what SOURCE alone has, of their kinds and namespaces");
    add_flag(app, "--list-rules", options->list_rules,
             "list the rules by which noise is left out, and look at no SOURCE");
    add_choice(app, "-o,--output", "FORMAT", options->output, {"text", "json", "patch"},
               "text (the default), json, or patch: the unified diff of the two exports");
    add_view(app, options->kubernetes_version, options->encryption_config, options->show_secrets);
    return [options] { return on_source(options->before, run(*options)); };
}

}  // namespace salvor::tool::differences
