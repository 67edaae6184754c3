#include <algorithm>

#include "core/verify/remedies.hpp"
#include "core/verify/revision/key_rows.hpp"
#include "core/verify/rules.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule mod_revision{"mod-revision", Layer::revision, Severity::error,
                            "a row's mod_revision is the revision in its key", remedy::damaged};
constexpr Rule create_version{
    "create-version", Layer::revision, Severity::error,
    "a key's create_revision and version fit its mod_revision: version 1 where it was made, "
    "at most one more with each revision",
    remedy::damaged};
constexpr Rule key_history{
    "key-history", Layer::revision, Severity::error,
    "a key's row goes on from its row before: the same create_revision and the next version, or "
    "made anew after a deletion",
    remedy::damaged};
constexpr Rule history_start{"history-start", Layer::revision, Severity::error,
                             "a key whose first row is above the compacted revision is made there",
                             remedy::damaged};
constexpr Rule deletion_unfounded{
    "deletion-unfounded", Layer::revision, Severity::error,
    "a deletion above the compacted revision is of a key that was there", remedy::damaged};
constexpr Rule history_unchecked{
    "history-unchecked", Layer::revision, Severity::warning,
    "the database is small enough for its keys' histories to be followed",
    "everything else was looked at; the keys' histories were not"};
constexpr std::array history_table{mod_revision,  create_version,     key_history,
                                   history_start, deletion_unfounded, history_unchecked};

constexpr Rule compact_left{
    "compact-left", Layer::revision, Severity::warning,
    "a compaction that has finished left no row that a later one replaced",
    "the rows are of no use and their members' hashes may differ: compact once more after the "
    "restore"};
constexpr Rule lease_absent{
    "lease-absent", Layer::revision, Severity::warning,
    "the lease that a key is attached to is there",
    "the key would never expire: grant a lease and attach the key anew, or delete it"};
constexpr std::array attachment_table{compact_left, lease_absent};

}  // namespace

RuleRows history_rules() {
    return history_table;
}
RuleRows attachment_rules() {
    return attachment_table;
}

/// The key's newest row before the present one.
struct History::Before {
    timeline::RowPosition position;
    bool tombstone;
    std::int64_t main;
    etcd::KeyValue kv;
};

History::History(const bbolt::Database& db, const Rows& rows, Collector& findings)
    : db_(db), rows_(rows), findings_(findings), compaction_(rows.compaction()) {
    auto table = timeline::KeyTable::over(db);
    if (table) {
        newest_ = *std::move(table);
    } else {
        findings_.add(history_unchecked, {}, table.error().message);
    }
}

History::Before History::before(const timeline::KeyTable::Note& note) const {
    const auto entry = timeline::entry_at(db_, note.row);
    return {note.row, !note.live, load_be<std::int64_t>(entry.key.data()),
            etcd::parse_key_value(entry.value).value_or(etcd::KeyValue{})};
}

bool History::lease_known(std::int64_t id) const {
    return !rows_.is_complete(etcd::buckets::lease) ||
           std::binary_search(rows_.leases.begin(), rows_.leases.end(), id);
}

void History::row(const KeyRow& row) {
    const bool sound = row.row_key.tombstone || agrees_with_itself(row);
    if (!newest_) return;
    auto place = newest_->find(row.kv.key);
    std::optional<Before> found;
    if (const auto note = place.note()) found = before(*note);
    const Before* before = found ? &*found : nullptr;
    superseded(row, before);
    if (row.row_key.tombstone) {
        deletion(row, before);
    } else {
        if (sound) change(row, before);
        lease_missed_ = lease_missed_ || (row.kv.lease != 0 && !lease_known(row.kv.lease));
    }
    place.put(
        {timeline::RowPosition{row.leaf.page.element_offset(row.index)}, !row.row_key.tombstone});
}

bool History::agrees_with_itself(const KeyRow& row) {
    const auto& kv = row.kv;
    if (kv.mod_revision != row.main()) {
        findings_.add(
            mod_revision, row.place(),
            fmt::format("row {}: mod_revision of key {} is {}", to_string(row.row_key.revision),
                        text::escape(kv.key), kv.mod_revision));
        return false;
    }
    const bool possible = kv.create_revision >= 1 && kv.create_revision <= kv.mod_revision &&
                          kv.version >= 1 &&
                          (kv.version == 1) == (kv.create_revision == kv.mod_revision) &&
                          kv.version - 1 <= kv.mod_revision - kv.create_revision;
    if (!possible) {
        findings_.add(create_version, row.place(),
                      fmt::format("row {}: key {} has version {} with create_revision {}",
                                  to_string(row.row_key.revision), text::escape(kv.key), kv.version,
                                  kv.create_revision));
    }
    return possible;
}

void History::change(const KeyRow& row, const Before* before) {
    const auto& kv = row.kv;
    const auto say = [&](const Rule& rule, const std::string& what) {
        findings_.add(rule, row.place(),
                      fmt::format("row {}: key {} has version {} and create_revision {}, {}",
                                  to_string(row.row_key.revision), text::escape(kv.key), kv.version,
                                  kv.create_revision, what));
    };
    if (!before) {
        if (compaction_.keeps_all_of(row.main()) && kv.version != 1)
            say(history_start, "and no row before");
        return;
    }
    if (!compaction_.keeps_order_of(row.main())) return;  // rows between them may be compacted away
    if (before->tombstone) {
        if (kv.version != 1)
            say(key_history, fmt::format("after its deletion at {}", before->main));
    } else if (kv.create_revision != before->kv.create_revision ||
               kv.version - 1 != before->kv.version) {
        say(key_history, fmt::format("its row before, at {}, version {} and create_revision {}",
                                     before->main, before->kv.version, before->kv.create_revision));
    }
}

void History::deletion(const KeyRow& row, const Before* before) {
    const bool none = !before && compaction_.keeps_all_of(row.main());
    const bool twice = before && before->tombstone && compaction_.keeps_order_of(row.main());
    if (!none && !twice) return;
    findings_.add(deletion_unfounded, row.place(),
                  fmt::format("row {} deletes key {}, {}", to_string(row.row_key.revision),
                              text::escape(row.kv.key),
                              none ? "of which there is no row before"
                                   : fmt::format("deleted at {} already", before->main)));
}

void History::superseded(const KeyRow& row, const Before* before) {
    if (row.row_key.tombstone && compaction_.has_passed(row.main())) {
        findings_.add(
            compact_left, row.place(),
            fmt::format("row {} is a deletion before the compaction at {}, which has finished",
                        to_string(row.row_key.revision), compaction_.finished));
    }
    if (!before || !compaction_.has_finished(row.main()) || before->tombstone) return;
    findings_.add(
        compact_left, row.place(),
        fmt::format("row {} replaces key {}'s row at {}, which the compaction at {} had to remove",
                    to_string(row.row_key.revision), text::escape(row.kv.key), before->main,
                    compaction_.finished));
}

void History::check_attachment(const Before& newest) {
    if (newest.tombstone || newest.kv.lease == 0 || lease_known(newest.kv.lease)) return;
    Place place;
    place.offset = number(newest.position);
    place.page = number(newest.position) / db_.page_size();
    place.bucket = etcd::buckets::key;
    place.revision = std::to_string(newest.main);
    findings_.add(
        lease_absent, std::move(place),
        fmt::format("key {} is attached to lease {:016x}, which is not there",
                    text::escape(newest.kv.key), static_cast<std::uint64_t>(newest.kv.lease)));
}

std::vector<timeline::RowPosition> History::finish(LiveRows wanted) {
    std::vector<timeline::RowPosition> live;
    const bool wants_live = wanted == LiveRows::wanted;
    if (!newest_ || (!lease_missed_ && !wants_live)) return live;
    if (wants_live) live.reserve(newest_->size());
    newest_->drain([&](const timeline::KeyTable::Note& note) {
        if (lease_missed_) check_attachment(before(note));
        if (wants_live && note.live) live.push_back(note.row);
    });
    std::sort(live.begin(), live.end());
    return live;
}

}  // namespace salvor::verify
