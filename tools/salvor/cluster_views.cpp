#include "tools/salvor/cluster_views.hpp"

#include <algorithm>

#include "core/diff/lineage.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

/// Each with the one before it.
Result<void> check_lineage(const ClusterViews& all) {
    for (std::size_t i = 1; i < all.views.size(); ++i) {
        const auto& before = all.views[i - 1].cluster();
        const auto& after = all.views[i].cluster();
        SALVOR_TRY(const auto found,
                   timeline::Differences::between({&before.db(), before.revision()},
                                                  {&after.db(), after.revision()}));
        const auto lineage = diff::lineage_of(found.kinship(), &before, &after);
        if (lineage.kind != diff::Lineage::Kind::two) continue;
        return fail(ErrorCode::refused, "{} (old) and {} (new) have no common history: {}",
                    text::escape(all.sources[i - 1]), text::escape(all.sources[i]), lineage.words);
    }
    return {};
}

}  // namespace

Result<ClusterViews> ClusterViews::open(const std::vector<std::string>& sources,
                                        const ClusterOptions& options) {
    ClusterViews all{sources, {}, {}};
    for (const auto& source : sources) {
        auto wanted = options;
        wanted.source = source;
        wanted.revision = 0;
        wanted.at.clear();
        SALVOR_TRY(auto view, ClusterView::open(wanted, diff::is_kube_system));
        all.views.push_back(std::move(view));
    }
    SALVOR_CHECK(check_lineage(all));
    return all;
}

Result<void> ClusterViews::read_times() {
    for (auto i = times.size(); i < views.size(); ++i) {
        const Progress progress("reading the times in " + sources[i]);
        SALVOR_TRY(auto read, cluster::Times::read(views[i].cluster()));
        times.push_back(std::move(read));
    }
    return {};
}

std::size_t ClusterViews::newest() const {
    const auto found =
        std::max_element(views.begin(), views.end(), [](const auto& a, const auto& b) {
            return a.cluster().revision() < b.cluster().revision();
        });
    return static_cast<std::size_t>(found - views.begin());
}

void ClusterViews::put_newest_first() {
    const auto first = newest();
    std::swap(sources.front(), sources[first]);
    std::swap(views.front(), views[first]);
    if (!times.empty()) std::swap(times.front(), times[first]);
}

Result<std::int64_t> ClusterViews::asked_revision(const ClusterOptions& options) {
    const auto head = views[newest()].cluster().revision();
    if (options.at.empty()) return options.revision != 0 ? options.revision : head;
    SALVOR_TRY(const auto seconds, asked_time(options));
    SALVOR_CHECK(read_times());
    return revision_at(times, *seconds, options.at);
}

Result<std::size_t> ClusterViews::holder_of(std::int64_t revision) const {
    std::string states;
    for (std::size_t i = 0; i < views.size(); ++i) {
        SALVOR_TRY(const auto bounds, timeline::bounds(views[i].cluster().db()));
        const auto first = std::max(bounds.compacted, timeline::first_revision);
        if (revision >= first && revision <= bounds.current) return i;
        states += fmt::format("{}{} has those from {} to {}", i == 0 ? "" : ", ",
                              text::escape(sources[i]), first, bounds.current);
    }
    return fail(ErrorCode::refused, "revision {}: no file has that state: {}", revision, states);
}

void add_with(CLI::App& app, std::vector<std::string>& others) {
    add_option(app, "--with", "SOURCE", others,
               "another snapshot of the same cluster; may be given several times");
}

Result<ClusterView> open_among(const ClusterOptions& options,
                               const std::vector<std::string>& others,
                               std::function<bool(Bytes)> foreseen) {
    if (others.empty()) return ClusterView::open(options, std::move(foreseen));
    auto sources = others;
    sources.insert(sources.begin(), options.source);
    SALVOR_TRY(auto all, ClusterViews::open(sources, options));
    SALVOR_TRY(const auto revision, all.asked_revision(options));
    SALVOR_TRY(const auto holder, all.holder_of(revision));
    say(fmt::format("revision {} is shown out of {}", revision, sources[holder]));
    auto view = std::move(all.views[holder]);
    SALVOR_CHECK(view.show(options, revision, std::move(foreseen)));
    return view;
}

}  // namespace salvor::tool
