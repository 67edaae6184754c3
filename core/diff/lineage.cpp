#include "core/diff/lineage.hpp"

#include "formats/kube/metadata.hpp"
#include "formats/kube/peek.hpp"
#include "formats/text/escape.hpp"

namespace salvor::diff {
namespace {

/// The uid of the namespace kube-system, which no cluster shares with another.
std::optional<std::string> uid_of(const cluster::Cluster* cluster) {
    if (!cluster) return {};
    for (const auto& prefix : cluster->registry().prefixes()) {
        const auto key = prefix + "/namespaces/kube-system";
        const auto at = cluster->noted().lower_bound(key);
        if (at == cluster->noted().size()) continue;
        const auto row = cluster->noted()[at];
        if (row.key == key) return kube::object_uid(row.value);
    }
    return {};
}

}  // namespace

bool is_kube_system(Bytes key) {
    return cluster::prefix_by_kube_system(key).has_value();
}

Lineage lineage_of(const timeline::Kinship& kinship, const cluster::Cluster* before,
                   const cluster::Cluster* after) {
    const auto old_uid = uid_of(before), new_uid = uid_of(after);
    if (old_uid && new_uid && *old_uid != *new_uid) {
        return {Lineage::Kind::two, kinship.parted_at,
                fmt::format("two clusters: the namespace kube-system has uid {} in the old one and "
                            "{} in the new one",
                            text::Escaped{*old_uid}, text::Escaped{*new_uid})};
    }
    if (kinship.parted_at) {
        return {Lineage::Kind::two, kinship.parted_at,
                fmt::format("two lineages: from revision {} on the histories are not the same",
                            *kinship.parted_at)};
    }
    if (kinship.shares_anything()) return {Lineage::Kind::one, {}, {}};
    return {Lineage::Kind::unknown,
            {},
            old_uid && new_uid
                ? "one cluster, but no revision is in both: compaction took what they shared"
                : "whether they are of one lineage cannot be told: no revision is in both"};
}

}  // namespace salvor::diff
