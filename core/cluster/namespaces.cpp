#include "core/cluster/namespaces.hpp"

#include "core/cluster/select.hpp"

namespace salvor::cluster {

Result<std::vector<std::string>> namespace_names(const Cluster& cluster) {
    Query query;
    query.targets.push_back({cluster.catalog().of_kind("", "Namespace"), {}, {}});
    SALVOR_TRY(const auto selection, Selection::of(cluster, query));
    std::vector<std::string> names;
    selection.each([&](const Candidate& candidate) {
        names.emplace_back(candidate.item().key.name);
        return true;
    });
    return names;
}

}  // namespace salvor::cluster
