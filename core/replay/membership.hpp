#pragma once

#include <set>
#include <vector>

#include "core/replay/buckets.hpp"
#include "core/replay/verdict.hpp"
#include "formats/etcd/conf_change.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/request.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::replay {

/// The cluster's members and version as the log goes on.
/// Source: etcd server/etcdserver/api/membership/cluster.go
class Membership {
 public:
    Membership(Buckets& buckets, etcd::Line line) : buckets_(&buckets), line_(line) {}
    /// What the buckets have when it begins; first of all. Error: malformed.
    Result<void> read();
    /// Who votes, where something else than the buckets knows it. A server that starts stores it.
    void take_votes(const etcd::ConfState& state);

    const std::vector<etcd::Member>& members() const { return members_; }  ///< ascending by id
    bool was_removed(etcd::MemberId id) const { return removed_.contains(id); }
    /// What this voter logs needs nobody else's word: there is no other voter.
    bool is_lone_voter(etcd::MemberId id) const {
        return voters_.size() == 1 && voters_.contains(id);
    }
    std::size_t voters() const { return voters_.size(); }
    std::optional<etcd::Version> version() const { return version_; }

    Verdict apply(const etcd::ConfChange& change);
    Verdict apply(const etcd::MemberAttributesSetRequest& request);
    Verdict apply(const etcd::ClusterVersionSetRequest& request);
    Verdict apply(const etcd::DowngradeInfoSetRequest& request);

 private:
    etcd::Member* find(etcd::MemberId id);
    Verdict check(const etcd::ConfChange& change);
    Verdict check_urls(const etcd::Member& member) const;
    void put(const etcd::Member& member);
    Result<void> read_conf_state();
    void put_conf_state();

    Buckets* buckets_;
    etcd::Line line_;
    std::vector<etcd::Member> members_;
    std::set<etcd::MemberId> removed_;
    // As raft counts them; what the members' rows say of it can be wrong (3.4, below).
    std::set<etcd::MemberId> voters_;
    std::set<etcd::MemberId> learners_;
    std::optional<etcd::Version> version_;
};

}  // namespace salvor::replay
