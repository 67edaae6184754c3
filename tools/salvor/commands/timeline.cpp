#include "tools/salvor/commands/timeline.hpp"

#include <algorithm>

#include "core/report/timeline.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/carving.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_views.hpp"
#include "tools/salvor/now.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"

namespace salvor::tool::events {
namespace {

struct Options {
    std::vector<std::string> sources;
    std::vector<std::string> kinds;
    std::string name;
    std::string namespace_name;
    std::string labels;
    std::string manager;
    std::vector<std::string> verbs;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string since;
    std::string until;
    std::string output = "text";
    std::string kubernetes_version;
    std::string encryption_config;
    bool show_secrets = false;
    bool all = false;
    bool all_namespaces = false;
    bool deleted = false;
    bool carved = false;
    bool security = false;
};

Result<std::vector<diff::Verb>> verbs_of(const Options& options) {
    std::vector<diff::Verb> verbs;
    if (options.deleted) verbs = {diff::Verb::deleted, diff::Verb::expired};
    for (const auto& word : options.verbs) {
        const auto known = {diff::Verb::created, diff::Verb::updated, diff::Verb::deleted,
                            diff::Verb::expired};
        const auto* found = std::find_if(known.begin(), known.end(), [&](diff::Verb verb) {
            return diff::verb_name(verb) == word;
        });
        if (found == known.end()) {
            return fail(ErrorCode::usage,
                        "timeline: --verb {} is none of created, updated, deleted, expired",
                        text::escape(word));
        }
        verbs.push_back(*found);
    }
    return verbs;
}

Result<ClusterViews> open_all(const Options& options) {
    ClusterOptions wanted;
    wanted.kubernetes_version = options.kubernetes_version;
    wanted.encryption_config = options.encryption_config;
    SALVOR_TRY(auto all, ClusterViews::open(options.sources, wanted));
    SALVOR_CHECK(all.read_times());
    return all;
}

std::vector<diff::TimelineSource> sources_of(const ClusterViews& all) {
    std::vector<diff::TimelineSource> found;
    for (std::size_t i = 0; i < all.views.size(); ++i)
        found.push_back({&all.views[i].cluster(), &all.times[i]});
    return found;
}

/// Whose KIND is known by the newest of the files.
Result<void> add_targets(const Options& options, const ClusterViews& all,
                         diff::TimelineOptions& wanted) {
    const auto& catalog = all.views[all.newest()].cluster().catalog();
    for (const auto& kind : options.kinds) {
        SALVOR_TRY(const auto targets, cluster::parse_targets(catalog, {kind}));
        for (const auto& target : targets) wanted.query.targets.push_back(target);
    }
    return {};
}

/// From when to when, in revisions and in time.
Result<void> add_range(const Options& options, diff::TimelineOptions& wanted) {
    wanted.first = options.first;
    if (options.last > 0) wanted.last = options.last;
    SALVOR_TRY(wanted.since, zoned_time("--at", options.since));
    SALVOR_TRY(wanted.until, zoned_time("--to-at", options.until));
    if (wanted.first > wanted.last)
        return fail(ErrorCode::usage, "timeline: --rev {} is behind --to-rev {}", wanted.first,
                    wanted.last);
    if (wanted.since && wanted.until && *wanted.since > *wanted.until)
        return fail(ErrorCode::usage, "timeline: --at {} is later than --to-at {}",
                    text::escape(options.since), text::escape(options.until));
    return {};
}

diff::TimelineOptions::LastState last_state_of(const Options& options) {
    using enum diff::TimelineOptions::LastState;
    if (!options.deleted) return not_told;
    return options.output == "yaml" ? manifest : served;
}

Result<diff::TimelineOptions> wanted_of(const Options& options, const ClusterViews& all) {
    diff::TimelineOptions wanted;
    wanted.all = options.all;
    wanted.show_secrets = options.show_secrets;
    wanted.security = options.security;
    if (options.output == "yaml" && !options.deleted) {
        return fail(ErrorCode::usage,
                    "timeline: -o yaml is what was deleted, to apply again: give --deleted too");
    }
    wanted.last_state = last_state_of(options);
    wanted.name = options.name;
    wanted.manager = options.manager;
    SALVOR_TRY(wanted.verbs, verbs_of(options));
    SALVOR_CHECK(add_range(options, wanted));
    wanted.selects_all =
        options.kinds.empty() && options.namespace_name.empty() && options.labels.empty();
    wanted.query.namespace_name = options.namespace_name;
    wanted.query.with_namespace = true;
    SALVOR_TRY(wanted.query.labels, cluster::parse_label_selector(options.labels));
    SALVOR_CHECK(add_targets(options, all, wanted));
    return wanted;
}

Result<Answer> run(const Options& options) {
    SALVOR_TRY(const auto all, open_all(options));
    SALVOR_TRY(const auto wanted, wanted_of(options, all));
    std::vector<timeline::Carved> carved;
    if (options.carved) {
        SALVOR_TRY(carved, carve_all(all));
    }
    const auto format = options.output == "json"    ? report::TimelineFormat::json
                        : options.output == "jsonl" ? report::TimelineFormat::jsonl
                        : options.output == "yaml"  ? report::TimelineFormat::yaml
                                                    : report::TimelineFormat::text;
    OutStream out;
    const auto printer = report::timeline_printer(format, [&](Bytes text) { out.raw_lines(text); });
    bool all_read = true;
    SALVOR_CHECK(diff::tell_timeline(
        sources_of(all), carved, wanted,
        [&](const diff::Event& event) {
            all_read = all_read && event.problem.empty();
            printer->add(event);
        },
        [&](const diff::Gap& gap) { printer->add(gap); }));
    printer->finish();
    return all_read ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_sources(app, options->sources);
    add_option(app, "--kind", "KIND", options->kinds,
               "of this kind alone, KIND[,KIND...]; may be given several times");
    add_option(app, "--name", "NAME", options->name, "of objects of this name");
    add_namespace(app, options->namespace_name);
    add_all_namespaces(app, options->all_namespaces);
    add_labels(app, options->labels);
    add_option(app, "--manager", "NAME", options->manager, "written by this field manager");
    add_option(app, "--verb", "VERB", options->verbs,
               "created, updated, deleted or expired; may be given several times");
    add_option(app, "--rev", "N", options->first, "from this revision on");
    add_option(app, "--to-rev", "N", options->last, "up to this revision");
    add_option(app, "--at", "TIME", options->since,
               "from this time on, RFC 3339 with its zone, as far as it is known");
    add_option(app, "--to-at", "TIME", options->until, "up to this time");
    add_flag(app, "--deleted", options->deleted,
             "what was deleted or expired; in JSON and YAML with its last state");
    add_carved(app, options->carved);
    add_flag(app, "--security", options->security,
             "grants, Secrets, service accounts, webhooks, certificate requests, privileged pods");
    add_flag(app, "--all", options->all, "every revision of every key, no rule holds");
    add_choice(app, "-o,--output", "FORMAT", options->output, {"text", "json", "jsonl", "yaml"},
               "text (the default), json, jsonl: a line an event, as Timesketch reads them; yaml: "
               "what was deleted, as manifests");
    add_view(app, options->kubernetes_version, options->encryption_config, options->show_secrets);
    return [options] {
        return on_source(options->sources.empty() ? "" : options->sources.front(), run(*options));
    };
}

}  // namespace salvor::tool::events
