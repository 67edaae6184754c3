#include "core/verify/identity.hpp"

#include <algorithm>

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

// What etcd itself and kubeadm give, and k3s.
constexpr std::array<Bytes, 2> common_tokens{"etcd-cluster", ""};
// Each subset is tried: 65,536 hashes at most.
constexpr std::size_t most_tried = 16;

bool comes_from(const etcd::Member& member, Bytes token) {
    return etcd::member_id(member.peer_urls, token) == member.id;
}

}  // namespace

RuleRows identity_rules() {
    return table;
}

std::optional<etcd::ClusterId> certain_cluster(const Rows& rows) {
    if (!rows.removed_members.empty()) return {};
    std::vector<etcd::Member> voters;
    std::copy_if(rows.members.begin(), rows.members.end(), std::back_inserter(voters),
                 [](const etcd::Member& member) { return !member.is_learner; });
    if (voters.empty()) return {};
    const auto by_token = [&](Bytes token) {
        return std::all_of(voters.begin(), voters.end(),
                           [&](const auto& member) { return comes_from(member, token); });
    };
    if (voters.size() > 1 && std::none_of(common_tokens.begin(), common_tokens.end(), by_token))
        return {};
    std::vector<etcd::MemberId> ids;
    for (const auto& member : voters) ids.push_back(member.id);
    return etcd::cluster_id(std::move(ids));
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
