#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr const char* restore_writes_members =
    "a restore writes the members anew, but only etcd's own data can tell what this row was: use "
    "another backup if there is one";
constexpr Rule member_key{"member-key", Layer::record, Severity::error,
                          "a member's key is its id in hex", remedy::stops_etcd};
constexpr Rule member_value{"member-value", Layer::record, Severity::error,
                            "a member's value is the JSON of a member", restore_writes_members};
constexpr Rule member_id{"member-id", Layer::record, Severity::error,
                         "a member's value has the id that its key has", restore_writes_members};
constexpr Rule member_urls{"member-urls", Layer::record, Severity::warning,
                           "a member has a peer URL",
                           "name the member's peer URL in the restore's --initial-cluster"};
constexpr Rule removed_member{
    "removed-member", Layer::record, Severity::warning,
    "a row of members_removed is a member's id in hex and the word `removed`",
    "a restore empties the bucket; nothing has to be done"};
constexpr std::array table{member_key, member_value, member_id, member_urls, removed_member};

}  // namespace

RuleRows member_row_rules() {
    return table;
}

void check_member_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto key = text::escape(row.entry.key);
    const auto id = etcd::parse_member_id(row.entry.key);
    if (!id)
        findings.add(member_key, row.place(), fmt::format("member row: {} is no id in hex", key));
    auto member = etcd::parse_member(row.entry.value);
    if (!member) {
        findings.add(member_value, row.place(),
                     fmt::format("member {}: {}", key, member.error().message));
        return;
    }
    if (id && *id != member->id) {
        findings.add(
            member_id, row.place(),
            fmt::format("member {}: its value says member {}", key, to_string(member->id)));
    }
    if (member->peer_urls.empty()) {
        findings.add(member_urls, row.place(), fmt::format("member {}: no peer URL", key));
    }
    rows.members.push_back(*std::move(member));
}

void check_removed_member_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto key = text::escape(row.entry.key);
    const auto id = etcd::parse_member_id(row.entry.key);
    if (id) rows.removed_members.push_back(*id);
    if (!id) {
        findings.add(removed_member, row.place(),
                     fmt::format("removed member: {} is no id in hex", key));
    } else if (row.entry.value != etcd::removed_mark) {
        findings.add(removed_member, row.place(),
                     fmt::format("removed member {}: its value is {}, not removed", key,
                                 text::escape(row.entry.value.substr(0, 64))));
    }
}

}  // namespace salvor::verify
