#include "tools/salvor/cluster_view.hpp"

#include <algorithm>

#include "formats/kube/special.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

/// The first release whose types the tables have.
constexpr std::uint8_t oldest_release = 8;

std::string told(const cluster::TimeEvidence& evidence) {
    return fmt::format("{} ({})", text::escape(evidence.text()), text::rfc3339(evidence.seconds));
}

using Moment = cluster::Times::Moment;

/// Of what each file says the latest.
std::optional<Moment> last_moment(const std::vector<cluster::Times>& times, std::int64_t seconds) {
    std::optional<Moment> last;
    for (const auto& of_one : times) {
        const auto moment = of_one.last_revision_not_later_than(seconds);
        if (!moment) continue;
        const bool is_later = !last || moment->revision > last->revision;
        if (is_later || (moment->revision == last->revision && !last->after)) last = moment;
    }
    return last;
}

/// etcd's refusal of a revision, with those that could be asked for.
Error with_bounds(const Error& error, std::int64_t revision, const bbolt::Database& db) {
    const auto bounds = timeline::bounds(db);
    if (error.code != ErrorCode::refused || !bounds) return error;
    return {error.code,
            fmt::format("revision {}: {}; the file has the states from {} to {}", revision,
                        error.message, std::max(bounds->compacted, timeline::first_revision),
                        bounds->current),
            {}};
}

}  // namespace

Result<std::optional<std::uint8_t>> asked_release(const std::string& version) {
    std::optional<std::uint8_t> release;
    if (version.empty()) return release;
    release = cluster::minor_of(version);
    if (release && *release >= oldest_release && *release <= kube::schema::newest_release)
        return release;
    return fail(ErrorCode::usage, "--kubernetes-version {}: give one from 1.{} to 1.{}",
                text::escape(version), oldest_release, kube::schema::newest_release);
}

Result<std::optional<std::int64_t>> asked_time(const ClusterOptions& options) {
    std::optional<std::int64_t> seconds;
    if (options.at.empty()) return seconds;
    if (options.revision != 0) return fail(ErrorCode::usage, "--rev and --at: choose one");
    const auto instant = kube::parse_rfc3339(options.at);
    if (!instant) {
        return fail(ErrorCode::usage,
                    "--at {}: give a time with its zone, as 2026-07-31T23:59:59Z or +02:00",
                    text::escape(options.at));
    }
    seconds = instant->seconds;
    return seconds;
}

Result<std::int64_t> revision_at(const std::vector<cluster::Times>& times, std::int64_t seconds,
                                 const std::string& at) {
    const auto moment = last_moment(times, seconds);
    if (!moment) {
        const auto first = times.front().time_of(timeline::first_revision);
        const auto evidence = first ? first->at ? first->at : first->not_after : std::nullopt;
        return fail(ErrorCode::not_found, "--at {}: no revision is known to be so old: {}", at,
                    evidence ? "the first time is " + told(*evidence) : "no object tells a time");
    }
    if (!moment->after && seconds > moment->before.seconds) {
        say(
            fmt::format("{} is later than anything in the file; its last state (revision {}) is "
                        "shown: the newest time in it is {}",
                        at, moment->revision, told(moment->before)));
        return moment->revision;
    }
    auto words = "the newest time until then is " + told(moment->before);
    if (moment->after) words += ", the next " + told(*moment->after);
    if (moment->has_untimed()) words += "; what stands between them is taken in";
    say(fmt::format("at {} the store was at revision {}: {}", at, moment->revision, words));
    return moment->revision;
}

Result<std::unique_ptr<cluster::Cluster>> open_cluster(const bbolt::Database& db,
                                                       const cluster::Options& wanted) {
    auto cluster = cluster::Cluster::open(db, wanted);
    if (!cluster) return std::unexpected(with_bounds(cluster.error(), wanted.revision, db));
    return cluster;
}

void add_cluster(CLI::App& app, ClusterOptions& options, Need need) {
    add_source(app, options.source, need);
    add_option(app, "--rev", "N", options.revision,
               "the state at this revision, in place of the last");
    add_option(app, "--at", "TIME", options.at,
               "the state at this time, RFC 3339 with its zone, as far as it is known");
    add_view(app, options.kubernetes_version, options.encryption_config, options.show_secrets);
}

void add_view(CLI::App& app, std::string& kubernetes_version, std::string& encryption_config,
              bool& show_secrets) {
    add_option(app, "--kubernetes-version", "1.N", kubernetes_version,
               "the release to print as; guessed from the nodes by default");
    add_encryption(app, encryption_config);
    add_flag(app, "--show-secrets", show_secrets, "print what is secret");
}

Result<ClusterView> ClusterView::open(const ClusterOptions& options,
                                      std::function<bool(Bytes)> foreseen) {
    SALVOR_CHECK(asked_release(options.kubernetes_version));
    SALVOR_TRY(const auto time, asked_time(options));
    ClusterView view;
    SALVOR_TRY(view.encryption_, read_encryption(options.encryption_config));
    SALVOR_TRY(auto snapshot, open_source(options.source));
    view.snapshot_ = std::make_unique<Snapshot>(std::move(snapshot));
    say_if_in_use(*view.snapshot_);
    if (!view.snapshot_->database()) return std::unexpected(view.snapshot_->database().error());
    SALVOR_CHECK(view.show(options, options.revision, foreseen));
    if (!time) return view;
    std::vector<cluster::Times> times;
    SALVOR_TRY(auto own, cluster::Times::read(*view.cluster_));
    times.push_back(std::move(own));
    SALVOR_TRY(const auto revision, revision_at(times, *time, options.at));
    if (revision != view.cluster_->revision())
        SALVOR_CHECK(view.show(options, revision, std::move(foreseen)));
    return view;
}

Result<void> ClusterView::show(const ClusterOptions& options, std::int64_t revision,
                               std::function<bool(Bytes)> foreseen) {
    cluster::Options wanted;
    wanted.foreseen = std::move(foreseen);
    wanted.encryption = encryption_.get();
    wanted.revision = revision;
    SALVOR_TRY(wanted.release, asked_release(options.kubernetes_version));
    const Progress progress("reading the keys of " + options.source);
    SALVOR_TRY(cluster_, open_cluster(*snapshot_->database(), wanted));
    return {};
}

}  // namespace salvor::tool
