#include "tools/salvor/commands/report.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/audit/at_rest.hpp"
#include "core/report/audit.hpp"
#include "core/report/diff.hpp"
#include "core/report/exposure.hpp"
#include "core/report/html_keys.hpp"
#include "core/report/html_objects.hpp"
#include "core/report/info.hpp"
#include "core/report/rights.hpp"
#include "core/report/timeline.hpp"
#include "core/report/verify_json.hpp"
#include "core/verify/verify.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/base/staged_file.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/new_file.hpp"
#include "tools/salvor/now.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/two_views.hpp"

namespace salvor::tool::page_of_all {
namespace {

struct Options {
    std::string source;
    std::string other;
    std::string to;
    std::string now;
    std::string kubernetes_version;
    std::string encryption_config;
};

/// A page that is written into a file; the first thing that went wrong is told at the end.
class Writing {
 public:
    explicit Writing(FileWriter& file) : file_(file) {}
    void take(Bytes text) {
        buffer_ += text;
        if (buffer_.size() >= full) flush();
    }
    Result<void> finish() {
        flush();
        return outcome_;
    }

 private:
    void flush() {
        if (outcome_) outcome_ = file_.write(buffer_);
        buffer_.clear();
    }
    static constexpr std::size_t full = 1 << 20;
    FileWriter& file_;
    std::string buffer_;
    Result<void> outcome_;
};

void add_meta(report::HtmlPage& page, const Options& options) {
    nlohmann::ordered_json meta{{"source", text::escape(options.source)}};
    if (!options.other.empty()) meta["other"] = text::escape(options.other);
    page.add("meta", meta.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<verify::Report> add_verdict(report::HtmlPage& page, const Snapshot& snapshot,
                                   const Options& options,
                                   const kube::at_rest::Config* encryption) {
    Progress progress("verifying " + options.source);
    verify::Options checks;
    checks.progress = std::ref(progress);
    checks.encryption = encryption;
    if (!options.now.empty()) {
        SALVOR_TRY(const auto now, parse_now(options.now));
        checks.now = now.seconds;
    }
    auto found = verify::run(snapshot, checks);
    page.add("verify", report::verify_json(found));
    if (const auto info = info::gather(snapshot, encryption, info::Digest::not_wanted))
        page.add("info", report::info_json(*info));
    return found;
}

Result<void> add_timeline(report::HtmlPage& page, const cluster::Cluster& cluster) {
    SALVOR_TRY(const auto times, cluster::Times::read(cluster));
    diff::TimelineOptions wanted;
    page.begin("timeline");
    const auto printer = report::timeline_printer(report::TimelineFormat::json,
                                                  [&](Bytes text) { page.more(text); });
    // Where it ends early, what could be read is shown: what is damaged is among the findings.
    auto told = diff::tell_timeline(
        {{&cluster, &times}}, {}, wanted, [&](const diff::Event& event) { printer->add(event); },
        [&](const diff::Gap& gap) { printer->add(gap); });
    printer->finish();
    page.end();
    return told;
}

/// From when what a thief holds may be good: the time of the newest thing in the file.
Result<std::int64_t> seconds_of(const Options& options, const cluster::Cluster& cluster) {
    if (options.now.empty()) return cluster.renewals().last.value_or(0);
    SALVOR_TRY(const auto now, parse_now(options.now));
    return now.seconds;
}

Result<void> add_audit(report::HtmlPage& page, const cluster::Cluster& cluster,
                       const Options& options, const kube::at_rest::Config* encryption) {
    const report::RightsHead head{options.source, cluster.revision()};
    SALVOR_TRY(const auto at_rest, audit::at_rest(cluster, encryption));
    page.add("at-rest", report::audit_json(options.source, at_rest));
    SALVOR_TRY(const auto rights, audit::Rights::of(cluster));
    const auto whose = audit::Whose::not_own;
    const auto held = audit::powers_held(rights, whose);
    page.add("powers", report::answer_text(report::powers_table(head, rights, held, whose),
                                           report::TableFormat::json));
    SALVOR_TRY(const auto now, seconds_of(options, cluster));
    SALVOR_TRY(const auto exposure, audit::exposure_of_file(cluster, now));
    page.add("exposure",
             report::answer_text(report::exposure_table(head, "the file", exposure, now),
                                 report::TableFormat::json));
    return {};
}

Result<void> add_changes(report::HtmlPage& page, const Options& options) {
    const auto older = source_at(source_path(options.other));
    SALVOR_TRY(const auto views,
               TwoViews::open({older, source_at(options.source), options.kubernetes_version,
                               options.encryption_config}));
    page.begin("diff");
    const auto printer = report::diff_printer(views.head(), report::DiffFormat::json,
                                              [&](Bytes text) { page.more(text); });
    diff::Options wanted;
    const auto before = views.before(), after = views.after();
    const auto summary =
        diff::Comparison(before, after, wanted).run([&](const diff::Change& change) {
            if (views.is_kubernetes()) return printer->add(change);
            auto shown = change;
            report::shorten(shown.fields);
            printer->add(shown);
        });
    printer->finish(summary);
    page.end();
    return {};
}

/// What is damaged is among the findings: what could be read until there is shown.
Result<void> unless_damaged(const Result<void>& part) {
    if (part || part.error().code == ErrorCode::malformed) return {};
    return part;
}

Result<void> add_plain_keys(report::HtmlPage& page, const bbolt::Database& db) {
    const auto bounds = timeline::bounds(db);
    if (!bounds) return unless_damaged(std::unexpected(bounds.error()));
    const auto state = timeline::range(db, bounds->current, [](Bytes) { return true; });
    if (!state) return unless_damaged(std::unexpected(state.error()));
    report::add_keys(page, *state);
    return unless_damaged(report::add_key_events(page, db));
}

Result<void> add_cluster(report::HtmlPage& page, const Snapshot& snapshot, const Options& options,
                         const kube::at_rest::Config* encryption) {
    if (!snapshot.database()) return {};
    cluster::Options wanted;
    wanted.encryption = encryption;
    wanted.foreseen = [](Bytes) { return true; };
    SALVOR_TRY(wanted.release, asked_release(options.kubernetes_version));
    const Progress progress("reading the objects of " + options.source);
    const auto cluster = open_cluster(*snapshot.database(), wanted);
    if (!cluster && cluster.error().code == ErrorCode::not_found)
        return add_plain_keys(page, *snapshot.database());
    if (!cluster) return unless_damaged(std::unexpected(cluster.error()));
    report::add_objects(page, **cluster);
    SALVOR_CHECK(unless_damaged(add_timeline(page, **cluster)));
    return unless_damaged(add_audit(page, **cluster, options, encryption));
}

Result<Answer> run(const Options& options) {
    SALVOR_CHECK(
        check_new_file(options.to, options.source, "report: --to FILE is where the page goes"));
    SALVOR_TRY(const auto encryption, read_encryption(options.encryption_config));
    SALVOR_TRY(const auto snapshot, open_source(options.source));
    say_if_in_use(snapshot);
    note_interrupts();
    SALVOR_TRY(auto file, StagedFile::create(options.to));
    Writing writing(file.writer());
    report::HtmlPage page([&](Bytes text) { writing.take(text); });
    add_meta(page, options);
    SALVOR_TRY(const auto found, add_verdict(page, snapshot, options, encryption.get()));
    SALVOR_CHECK(check_not_interrupted());
    SALVOR_CHECK(add_cluster(page, snapshot, options, encryption.get()));
    SALVOR_CHECK(check_not_interrupted());
    if (!options.other.empty()) SALVOR_CHECK(add_changes(page, options));
    page.finish();
    SALVOR_CHECK(writing.finish());
    SALVOR_CHECK(snapshot.file().intact());
    SALVOR_CHECK(file.commit());
    fmt::print("{}: backup {}, cluster {}\n", text::escape(options.to), name(found.backup),
               name(found.cluster));
    return found.backup == verify::BackupVerdict::flawed ? Answer::no : Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "OTHER", options->other,
                   "an older snapshot, or SOURCE@REV: what changed since goes into the page");
    add_option(app, "--to", "FILE", options->to, "the page to make, a single HTML file");
    add_now(app, options->now);
    add_option(app, "--kubernetes-version", "1.N", options->kubernetes_version,
               "the release to print as; guessed from the nodes by default");
    add_encryption(app, options->encryption_config);
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::page_of_all
