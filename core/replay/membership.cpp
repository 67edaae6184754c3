#include "core/replay/membership.hpp"

#include <algorithm>
#include <iterator>

#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::replay {
namespace {

using namespace etcd;

/// What a server has by default. Source: etcd server/etcdserver/api/membership/cluster.go
constexpr std::ptrdiff_t max_learners = 1;

constexpr Verdict unknown_id{"membership: ID not found"};

}  // namespace

Result<void> Membership::read() {
    SALVOR_CHECK(buckets_->for_each(buckets::members, [&](Bytes, Bytes value) -> Result<void> {
        SALVOR_TRY(auto member, parse_member(value));
        members_.push_back(std::move(member));
        return {};
    }));
    std::ranges::sort(members_, {}, &Member::id);
    SALVOR_CHECK(
        buckets_->for_each(buckets::members_removed, [&](Bytes key, Bytes) -> Result<void> {
            if (const auto id = parse_member_id(key)) removed_.insert(*id);
            return {};
        }));
    SALVOR_TRY(const auto version, buckets_->get(buckets::cluster, cluster_keys::version));
    if (version) version_ = parse_version(*version);
    return read_conf_state();
}

/// The stored one (3.5 and later), unless it is of another cluster: a restore leaves the old one.
Result<void> Membership::read_conf_state() {
    SALVOR_TRY(const auto row, buckets_->get(buckets::meta, meta_keys::conf_state));
    if (row) {
        SALVOR_TRY(const auto state, parse_conf_state(*row));
        voters_.insert(state.voters.begin(), state.voters.end());
        learners_.insert(state.learners.begin(), state.learners.end());
        if (std::ranges::any_of(state.voters, [&](MemberId id) { return find(id); })) return {};
    }
    voters_.clear();
    learners_.clear();
    for (const auto& member : members_) {
        (member.is_learner ? learners_ : voters_).insert(member.id);
    }
    return {};
}

void Membership::take_votes(const ConfState& state) {
    voters_.clear();
    learners_.clear();
    const auto known = [&](MemberId id) { return find(id) != nullptr; };
    std::ranges::copy_if(state.voters, std::inserter(voters_, voters_.end()), known);
    std::ranges::copy_if(state.learners, std::inserter(learners_, learners_.end()), known);
    put_conf_state();
}

Member* Membership::find(MemberId id) {
    const auto found = std::ranges::find(members_, id, &Member::id);
    return found == members_.end() ? nullptr : &*found;
}

Verdict Membership::check_urls(const Member& member) const {
    for (const auto& other : members_) {
        if (other.id == member.id) continue;
        const auto is_taken = [&](const std::string& url) {
            return std::ranges::find(other.peer_urls, url) != other.peer_urls.end();
        };
        if (std::ranges::any_of(member.peer_urls, is_taken)) {
            return {"membership: peerURL exists"};
        }
    }
    return done;
}

Verdict Membership::check(const ConfChange& change) {
    if (was_removed(change.member)) return {"membership: ID removed"};
    const auto* present = find(change.member);
    if (change.type == ConfChange::Type::remove) return present ? done : unknown_id;
    if (change.type == ConfChange::Type::update) {
        return present ? check_urls(change.context) : unknown_id;
    }
    if (change.is_promote) {
        if (!present) return unknown_id;
        return present->is_learner ? done
                                   : Verdict{"membership: can only promote a learner member"};
    }
    if (present) return {"membership: ID exists"};
    SALVOR_PERMIT(check_urls(change.context));
    if (change.type == ConfChange::Type::add_learner && change.context.is_learner &&
        std::ranges::count(members_, true, &Member::is_learner) >= max_learners) {
        return {"membership: too many learner members in cluster"};
    }
    return done;
}

void Membership::put(const Member& member) {
    buckets_->put(buckets::members, to_string(member.id), encode_member(member));
}

void Membership::put_conf_state() {
    if (line_ == Line::v3_4) return;
    const ConfState state{
        {voters_.begin(), voters_.end()}, {learners_.begin(), learners_.end()}, {}, {}, false};
    buckets_->put(buckets::meta, meta_keys::conf_state, encode_conf_state(state));
}

Verdict Membership::apply(const ConfChange& change) {
    SALVOR_PERMIT(check(change));
    auto* present = find(change.member);
    switch (change.type) {
        case ConfChange::Type::add:
        case ConfChange::Type::add_learner:
            if (change.is_promote) {
                present->is_learner = false;
            } else {
                const auto at = std::ranges::lower_bound(members_, change.member, {}, &Member::id);
                present = &*members_.insert(at, change.context);
            }
            put(*present);
            learners_.erase(change.member);
            (change.type == ConfChange::Type::add ? voters_ : learners_).insert(change.member);
            break;
        case ConfChange::Type::update:
            present->peer_urls = change.context.peer_urls;
            // It takes over what the request does not say, too. Source: etcd v3.4
            // etcdserver/api/membership/cluster.go UpdateRaftAttributes
            if (line_ == Line::v3_4) present->is_learner = change.context.is_learner;
            put(*present);
            break;
        case ConfChange::Type::remove:
            std::erase_if(members_, [&](const auto& member) { return member.id == change.member; });
            removed_.insert(change.member);
            voters_.erase(change.member);
            learners_.erase(change.member);
            buckets_->remove(buckets::members, to_string(change.member));
            buckets_->put(buckets::members_removed, to_string(change.member),
                          std::string(removed_mark));
            break;
        default: return {"unknown ConfChange type"};
    }
    put_conf_state();
    return done;
}

Verdict Membership::apply(const MemberAttributesSetRequest& request) {
    auto* member = find(request.member);
    if (!member) {
        return {was_removed(request.member) ? "membership: attributes of a removed member"
                                            : "membership: attributes of an unknown member"};
    }
    member->name = request.name;
    member->client_urls = request.client_urls;
    put(*member);
    return done;
}

Verdict Membership::apply(const ClusterVersionSetRequest& request) {
    version_ = parse_version(request.version);
    buckets_->put(buckets::cluster, cluster_keys::version,
                  version_ ? to_string(*version_) : request.version);
    return done;
}

Verdict Membership::apply(const DowngradeInfoSetRequest& request) {
    const Downgrade downgrade{request.enabled ? request.version : "", request.enabled};
    buckets_->put(buckets::cluster, cluster_keys::downgrade, encode_downgrade(downgrade));
    return done;
}

}  // namespace salvor::replay
