#include "tools/salvor/drift.hpp"

#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

Result<void> take_selection(DriftRequest& request, const cluster::Catalog& catalog) {
    auto& comparison = request.drift.comparison;
    comparison.selects_all =
        request.words.empty() && request.namespace_name.empty() && request.labels.empty();
    if (!request.namespace_name.empty()) request.drift.namespace_name = request.namespace_name;
    auto& query = comparison.query;
    SALVOR_TRY(query.targets, cluster::parse_targets(catalog, request.words));
    query.namespace_name = request.namespace_name;
    query.with_namespace = true;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(request.labels));
    return {};
}

}  // namespace

bool is_manifests(const std::string& word) {
    return word == "-" || (source_at(word).exists() && diff::Manifests::is_one(word));
}

Result<Answer> diff_manifests(DriftRequest request) {
    const auto path = source_path(request.manifests);
    SALVOR_TRY(const auto manifests, diff::Manifests::read(path));
    ClusterOptions options;
    options.source = request.source.path;
    options.revision = request.source.revision;
    options.kubernetes_version = request.kubernetes_version;
    options.encryption_config = request.encryption_config;
    SALVOR_TRY(const auto view, ClusterView::open(options, [](Bytes) { return true; }));
    SALVOR_CHECK(take_selection(request, view.cluster().catalog()));
    const Progress progress(fmt::format("comparing {} and {}", options.source, path));
    OutStream out;
    const report::DiffHead head{
        {request.source.path, view.cluster().revision()}, {request.manifests, 0}, {}};
    const auto printer = report::diff_printer(
        head, request.json ? report::DiffFormat::json : report::DiffFormat::text,
        [&](Bytes text) { out.raw_lines(text); });
    diff::Drift drift(view.cluster(), manifests, request.drift);
    SALVOR_TRY(const auto summary,
               drift.run([&](const diff::Change& change) { printer->add(change); }));
    printer->finish(summary);
    return summary.all.all() == 0 ? Answer::yes : Answer::no;
}

}  // namespace salvor::tool
