#include "core/snapshot/cluster_id.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "formats/base/bytes.hpp"

namespace salvor {
namespace {

// --initial-cluster-token: what etcd itself and kubeadm give, and none, as k3s has it.
constexpr std::array<Bytes, 2> common_tokens{"etcd-cluster", ""};

/// Whether the voters' ids are those that a cluster's first start gives for their peer URLs.
/// Whoever joins later has a time in its id. Source: etcd
/// server/etcdserver/api/membership/member.go newMember
bool are_founders(const std::vector<etcd::Member>& voters, Bytes token) {
    return std::all_of(voters.begin(), voters.end(), [&](const etcd::Member& voter) {
        return etcd::member_id(voter.peer_urls, token) == voter.id;
    });
}

}  // namespace

std::optional<FoundCluster> cluster_of(const std::vector<etcd::Member>& members,
                                       const std::vector<etcd::MemberId>& removed) {
    if (!removed.empty()) return {};  // they may have been there at the first start
    std::vector<etcd::Member> voters;
    std::vector<etcd::MemberId> ids;
    for (const auto& member : members) {
        if (member.is_learner) continue;  // a learner always joined later
        voters.push_back(member);
        ids.push_back(member.id);
    }
    if (voters.empty()) return {};
    const auto* token = std::find_if(common_tokens.begin(), common_tokens.end(),
                                     [&](Bytes common) { return are_founders(voters, common); });
    if (token != common_tokens.end()) {
        return FoundCluster{
            etcd::cluster_id(std::move(ids)),
            fmt::format("recomputed from its members and the token \"{}\"", *token)};
    }
    if (voters.size() > 1) return {};
    return FoundCluster{etcd::cluster_id(std::move(ids)),
                        "recomputed from its one voter, for nobody was removed"};
}

}  // namespace salvor
