#include <algorithm>

#include "core/verify/rules.hpp"
#include "core/verify/wal/data_directory.hpp"
#include "formats/snap/v2_content.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr const char* without_it =
    "etcd would not serve from this directory: move the .snap file out of it and etcd replays its "
    "log instead, where that begins at entry 1; else rebuild the member from another one or from a "
    "backup";
constexpr Rule voters{"snap-voters", Layer::wal, Severity::error,
                      "the .snap file that etcd up to 3.6 starts from has a voter", without_it};
constexpr Rule store{"snap-store", Layer::wal, Severity::error,
                     "the v2 store in that file is read by etcd up to 3.6 without a panic",
                     without_it};
constexpr Rule store_members{
    "snap-members", Layer::wal, Severity::error,
    "up to 3.5, which has its members from there: that store has the file's voters and learners",
    without_it};
constexpr Rule members_later{
    "snap-members-change", Layer::wal, Severity::warning,
    "3.6, which writes its members there as well: that store has the file's voters and learners",
    "etcd starts, and ends with a panic when such a member is removed: start it once with a low "
    "--snapshot-count, so that it writes a new .snap file, and then anew"};
constexpr Rule users_keys{
    "snap-users-keys", Layer::wal, Severity::note,
    "up to 3.5, which serves them: that store has no key of the v2 API",
    "3.6 does not start on them: delete them through the v2 API before an upgrade"};
constexpr Rule users_keys_refused{
    "snap-users-keys-refused", Layer::wal, Severity::error,
    "3.6, which does not start on them: that store has no key of the v2 API",
    "start it with --v2-deprecation=write-only-skip-check, or with 3.5 and delete them there"};
constexpr std::array table{voters,        store,      store_members,
                           members_later, users_keys, users_keys_refused};

/// Only 3.6 and later write a storageVersion.
bool has_members_in_backend(const Rows& rows) {
    constexpr etcd::Version first{3, 6, 0};
    return rows.storage_version || (rows.cluster_version && *rows.cluster_version >= first);
}

std::vector<etcd::MemberId> ids_of(const etcd::ConfState& state) {
    std::vector<etcd::MemberId> ids = state.voters;
    for (const auto* more : {&state.learners, &state.voters_outgoing, &state.learners_next})
        ids.insert(ids.end(), more->begin(), more->end());
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

void check_members(const snap::SnapFile& snap, const snap::V2Content& content, const Rule& rule,
                   const Place& place, Collector& findings) {
    for (const auto& flaw : content.unreadable)
        findings.add(rule, place, fmt::format("the store's member {}", text::escape(flaw)));
    if (!content.unreadable.empty()) return;
    for (const auto id : ids_of(snap.conf_state)) {
        const auto is_it = [&](const etcd::Member& member) { return member.id == id; };
        if (std::any_of(content.members.begin(), content.members.end(), is_it)) continue;
        findings.add(rule, place,
                     fmt::format("the ConfState names member {}, the store's {} members are others",
                                 to_string(id), content.members.size()));
    }
}

}  // namespace

RuleRows snap_store_rules() {
    return table;
}

void check_snap_store(const snap::SnapFile& snap, const Rows& rows, const Place& place,
                      Collector& findings) {
    if (snap.conf_state.voters.empty())
        findings.add(voters, place, "the ConfState has no voter: no leader can be elected");
    const auto content = snap::parse_v2_store(snap.data);
    if (!content) return findings.add(store, place, content.error().message);
    const bool is_3_6 = has_members_in_backend(rows);
    check_members(snap, *content, is_3_6 ? members_later : store_members, place, findings);
    if (content->version && !etcd::parse_version(*content->version) && !is_3_6) {
        findings.add(store_members, place,
                     fmt::format("the store's cluster version {} is no version",
                                 text::escape(*content->version)));
    }
    if (!content->users_key) return;
    findings.add(is_3_6 ? users_keys_refused : users_keys, place,
                 fmt::format("the store has the key {}", text::escape(*content->users_key)));
}

}  // namespace salvor::verify
