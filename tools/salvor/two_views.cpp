#include "tools/salvor/two_views.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <future>

#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

namespace fs = std::filesystem;

/// An error with the name of the source that it is of.
std::unexpected<Error> of_source(const Error& error, const SourceAt& source) {
    auto named = error;
    if (!named.message.starts_with(source.path))
        named.message = fmt::format("{}: {}", source.path, error.message);
    if (error.code == ErrorCode::malformed)
        named.message += fmt::format("; see `salvor verify {}`", source.path);
    return std::unexpected(std::move(named));
}

Result<std::shared_ptr<Snapshot>> open_snapshot(const SourceAt& source) {
    SALVOR_TRY(auto snapshot, open_source(source.path));
    say_if_in_use(snapshot);
    if (!snapshot.database()) return of_source(snapshot.database().error(), source);
    return std::make_shared<Snapshot>(std::move(snapshot));
}

Result<timeline::Moment> moment_of(const Snapshot& snapshot, const SourceAt& source) {
    const auto& db = *snapshot.database();
    const auto bounds = timeline::bounds(db);
    if (!bounds) return of_source(bounds.error(), source);
    const auto oldest = std::max(bounds->compacted, timeline::first_revision);
    const auto revision = source.revision > 0 ? source.revision : bounds->current;
    if (revision >= oldest && revision <= bounds->current) return timeline::Moment{&db, revision};
    return fail(ErrorCode::refused,
                "{}: revision {} is not in it; the file has the states from {} to {}", source.path,
                revision, oldest, bounds->current);
}

bool is_no_kubernetes(const Result<std::unique_ptr<cluster::Cluster>>& cluster) {
    return !cluster && cluster.error().code == ErrorCode::not_found;
}

}  // namespace

bool SourceAt::exists() const {
    std::error_code error;
    return path == "-" || fs::exists(path, error);
}

SourceAt source_at(const std::string& word) {
    const SourceAt whole{source_path(word), 0};
    const auto at = word.rfind('@');
    if (whole.exists() || at == std::string::npos || at == 0) return whole;
    SourceAt source{word.substr(0, at), 0};
    const auto* last = word.data() + word.size();
    const auto [end, error] = std::from_chars(word.data() + at + 1, last, source.revision);
    const bool is_revision = error == std::errc{} && end == last && source.revision > 0;
    return is_revision && source.exists() ? source : whole;
}

Result<TwoViews> TwoViews::open(const Wanted& wanted) {
    TwoViews views;
    cluster::Options options;
    SALVOR_TRY(options.release, asked_release(wanted.kubernetes_version));
    SALVOR_TRY(views.encryption_, read_encryption(wanted.encryption_config));
    options.encryption = views.encryption_.get();
    views.old_.source = wanted.before;
    views.new_.source = wanted.after;
    SALVOR_TRY(views.old_.snapshot, open_snapshot(wanted.before));
    std::error_code error;
    if (fs::equivalent(wanted.before.path, wanted.after.path, error)) {
        views.new_.snapshot = views.old_.snapshot;
    } else {
        SALVOR_TRY(views.new_.snapshot, open_snapshot(wanted.after));
    }
    SALVOR_TRY(views.old_.moment, moment_of(*views.old_.snapshot, wanted.before));
    SALVOR_TRY(views.new_.moment, moment_of(*views.new_.snapshot, wanted.after));
    const Progress progress(
        fmt::format("comparing {} and {}", wanted.before.path, wanted.after.path));
    SALVOR_TRY(const auto found,
               timeline::Differences::between(views.old_.moment, views.new_.moment));
    SALVOR_CHECK(views.open_clusters(options, found));
    views.lineage_ =
        diff::lineage_of(found.kinship(), views.old_.cluster.get(), views.new_.cluster.get());
    return views;
}

/// Both as one release, so that what only a release prints otherwise is no difference; without
/// Kubernetes on both sides as keys and values.
Result<void> TwoViews::open_clusters(cluster::Options options, const timeline::Differences& found) {
    options.foreseen = [&found](Bytes key) {
        return found.may_differ(key) || diff::is_kube_system(key);
    };
    const auto open_at = [&](const View& view) {
        auto wanted = options;
        wanted.revision = view.moment.revision;
        return open_cluster(*view.moment.db, wanted);
    };
    // Beside the other, or after it where no thread is to be had.
    auto beside =
        std::async(std::launch::async | std::launch::deferred, [&] { return open_at(old_); });
    auto after = open_at(new_);
    auto before = beside.get();
    if (!is_no_kubernetes(before) && !before) return of_source(before.error(), old_.source);
    if (!is_no_kubernetes(after) && !after) return of_source(after.error(), new_.source);
    if (before && after) {
        old_.cluster = std::move(*before);
        new_.cluster = std::move(*after);
        if (old_.cluster->release().release == new_.cluster->release().release) return {};
        options.release = new_.cluster->release().release;
        SALVOR_TRY(old_.cluster, open_at(old_));
        return {};
    }
    for (auto* view : {&old_, &new_}) {
        SALVOR_TRY(view->state, timeline::range(*view->moment.db, view->moment.revision,
                                                [&](Bytes key) { return found.may_differ(key); }));
    }
    return {};
}

report::DiffHead TwoViews::head() const {
    return {{old_.source.path, old_.moment.revision},
            {new_.source.path, new_.moment.revision},
            lineage_};
}

}  // namespace salvor::tool
