#include <algorithm>
#include <map>
#include <set>

#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr const char* restore_renews =
    "a restore writes the members anew; check the --initial-cluster that you give it";
constexpr Rule members_absent{"members-absent", Layer::revision, Severity::warning,
                              "the members bucket has a member", restore_renews};
constexpr Rule member_twice{"member-twice", Layer::revision, Severity::warning,
                            "no two members have one peer URL, and no member is removed as well",
                            restore_renews};
constexpr Rule conf_state_voters{
    "conf-state-voters", Layer::revision, Severity::warning,
    "`confState` has a voter, and no id in two of its roles",
    "etcd writes it anew after the restore; a data directory that is used as it is may "
    "find no leader"};
constexpr Rule conf_state_old{
    "conf-state-old", Layer::revision, Severity::note,
    "the ids in `confState` are those of the members",
    "a restore leaves the old ids there until etcd writes it anew; nothing has to be done"};
constexpr std::array table{members_absent, member_twice, conf_state_voters, conf_state_old};

Place in(Bytes bucket, std::string key = {}) {
    Place place;
    place.bucket = bucket;
    if (!key.empty()) place.key = std::move(key);
    return place;
}

void check_removed(const Rows& rows, Collector& findings) {
    const std::set<etcd::MemberId> removed(rows.removed_members.begin(),
                                           rows.removed_members.end());
    for (const auto& member : rows.members) {
        if (!removed.contains(member.id)) continue;
        findings.add(
            member_twice, in(etcd::buckets::members_removed, to_string(member.id)),
            fmt::format("member {} is in members and in members_removed", to_string(member.id)));
    }
}

void check_urls(const Rows& rows, Collector& findings) {
    std::map<Bytes, etcd::MemberId> owners;
    for (const auto& member : rows.members) {
        for (const auto& url : member.peer_urls) {
            const auto owner = owners.emplace(url, member.id).first->second;
            if (owner == member.id) continue;
            findings.add(member_twice, in(etcd::buckets::members, to_string(member.id)),
                         fmt::format("members {} and {} both have the peer URL {}",
                                     to_string(owner), to_string(member.id), text::escape(url)));
        }
    }
}

void check_conf_state(const Rows& rows, Collector& findings) {
    const auto& state = *rows.conf_state;
    const auto place = in(etcd::buckets::meta, std::string(etcd::meta_keys::conf_state));
    std::vector<etcd::MemberId> ids = state.voters;
    ids.insert(ids.end(), state.learners.begin(), state.learners.end());
    std::sort(ids.begin(), ids.end());
    if (state.voters.empty()) findings.add(conf_state_voters, place, "confState has no voter");
    if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end()) {
        findings.add(conf_state_voters, place,
                     fmt::format("confState names member {} twice", to_string(*twice)));
    }
    std::vector<etcd::MemberId> members;
    for (const auto& member : rows.members) members.push_back(member.id);
    std::sort(members.begin(), members.end());
    if (ids == members) return;
    findings.add(conf_state_old, place,
                 fmt::format("confState names {} members, and not the {} of bucket members",
                             ids.size(), members.size()));
}

}  // namespace

RuleRows membership_rules() {
    return table;
}

void check_membership(const Rows& rows, Collector& findings) {
    if (rows.members.empty() && rows.is_complete(etcd::buckets::members)) {
        findings.add(members_absent, in(etcd::buckets::members),
                     "bucket members has no member that can be read");
    }
    check_removed(rows, findings);
    check_urls(rows, findings);
    if (rows.conf_state && rows.is_complete(etcd::buckets::members))
        check_conf_state(rows, findings);
}

}  // namespace salvor::verify
