#include "core/verify/identity.hpp"

#include <algorithm>

#include "core/snapshot/cluster_id.hpp"
#include "core/verify/rules.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

constexpr Rule cluster_unexpected{"cluster-unexpected", Layer::record, Severity::error,
                                  "with --expect-cluster: the backup is of that cluster",
                                  "this is another cluster's backup: look for the right one"};
constexpr Rule cluster_unknown{
    "cluster-unknown", Layer::record, Severity::warning,
    "with --expect-cluster: it can be told of which cluster the backup is",
    "compare the members' ids with those of the cluster"};
constexpr std::array table{cluster_unexpected, cluster_unknown};

// Each subset is tried: 65,536 hashes at most.
constexpr std::size_t most_tried = 16;

}  // namespace

RuleRows identity_rules() {
    return table;
}

std::optional<etcd::ClusterId> certain_cluster(const Rows& rows) {
    if (!rows.is_complete(etcd::buckets::members) ||
        !rows.is_complete(etcd::buckets::members_removed))
        return {};
    const auto found = cluster_of(rows.members, rows.removed_members);
    return found ? std::optional(found->id) : std::nullopt;
}

std::optional<bool> can_be_of(const Rows& rows, etcd::ClusterId id) {
    std::vector<etcd::MemberId> ids = rows.removed_members;
    for (const auto& member : rows.members) ids.push_back(member.id);
    if (ids.size() > most_tried) return {};
    for (std::uint32_t chosen = 1; chosen < std::uint32_t{1} << ids.size(); ++chosen) {
        std::vector<etcd::MemberId> founders;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (chosen >> i & 1) founders.push_back(ids[i]);
        }
        if (etcd::cluster_id(std::move(founders)) == id) return true;
    }
    return false;
}

void check_identity(const Rows& rows, std::optional<etcd::ClusterId> known,
                    std::optional<etcd::ClusterId> expected, Collector& findings) {
    if (!expected || known == expected) return;
    Place place;
    place.bucket = etcd::buckets::members;
    if (known) {
        findings.add(cluster_unexpected, std::move(place),
                     fmt::format("the backup is of cluster {}, not of {}", to_string(*known),
                                 to_string(*expected)));
        return;
    }
    const auto possible = can_be_of(rows, *expected);
    if (!possible) {
        findings.add(
            cluster_unknown, std::move(place),
            fmt::format("{} members, present and removed, are too many to tell whether they are of "
                        "cluster {}",
                        rows.members.size() + rows.removed_members.size(), to_string(*expected)));
    } else if (!*possible) {
        findings.add(cluster_unexpected, std::move(place),
                     fmt::format("no set of its members, present and removed, founded cluster {}",
                                 to_string(*expected)));
    }
}

}  // namespace salvor::verify
