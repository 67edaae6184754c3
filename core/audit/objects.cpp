#include "core/audit/objects.hpp"

#include <fmt/format.h>

#include "formats/text/escape.hpp"

namespace salvor::audit {

Result<void> each_candidate(const cluster::Cluster& cluster, const std::string& resource,
                            const std::function<void(const cluster::Candidate&)>& each) {
    cluster::Query query;
    const auto named = cluster.catalog().find(resource);
    if (!named) return {};
    query.targets.push_back({named->type, {}, {}});
    SALVOR_TRY(const auto selection, cluster::Selection::of(cluster, query));
    selection.each([&](const cluster::Candidate& candidate) {
        each(candidate);
        return true;
    });
    return {};
}

Result<kube::Value> value_of(const cluster::Candidate& candidate, kube::Document& document,
                             std::vector<std::string>& problems) {
    const auto& object = candidate.object();
    auto value = object ? object->value_tree(document, {false, false})
                        : Result<kube::Value>(std::unexpected(object.error()));
    if (!value) {
        problems.push_back(
            fmt::format("{}: {}", text::escape(candidate.item().row.key), value.error().message));
    }
    return value;
}

Result<void> each_value(
    const cluster::Cluster& cluster, const std::string& resource,
    std::vector<std::string>& problems,
    const std::function<void(const cluster::ObjectKey&, const kube::Value&)>& each) {
    return each_candidate(cluster, resource, [&](const cluster::Candidate& candidate) {
        kube::Document document;
        const auto value = value_of(candidate, document, problems);
        if (value) each(candidate.item().key, *value);
    });
}

}  // namespace salvor::audit
