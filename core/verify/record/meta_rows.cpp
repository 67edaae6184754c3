#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule consistent_index{"consistent-index", Layer::record, Severity::error,
                                "`consistent_index` is 8 bytes", remedy::damaged};
constexpr Rule term{"term", Layer::record, Severity::error, "`term` is 8 bytes", remedy::damaged};
constexpr Rule compact_row{
    "compact-row", Layer::record, Severity::error,
    "`scheduledCompactRev` and `finishedCompactRev` are a revision's 17 bytes", remedy::stops_etcd};
constexpr Rule conf_state{"conf-state", Layer::record, Severity::error,
                          "`confState` is the JSON of a ConfState", remedy::stops_etcd};
constexpr Rule storage_version{
    "storage-version", Layer::record, Severity::warning, "`storageVersion` is a version, as 3.6.0",
    "etcd starts with it and etcdutl 3.4 does not: name the line with `restore --for`"};
constexpr Rule meta_row_unknown{"meta-row-unknown", Layer::record, Severity::note,
                                "the rows of bucket meta are those that etcd 3.4 to 3.7 write",
                                remedy::foreign_row};
constexpr std::array table{consistent_index, term, compact_row, conf_state, storage_version,
                           meta_row_unknown};

void check_number(const BucketRow& row, const Rule& rule, std::optional<std::uint64_t>& into,
                  Collector& findings) {
    into = etcd::parse_u64(row.entry.value);
    if (into) return;
    findings.add(rule, row.place(),
                 fmt::format("{}: {} bytes, not 8", row.entry.key, row.entry.value.size()));
}

void check_compact_row(const BucketRow& row, std::optional<etcd::Revision>& into, Rows& rows,
                       Collector& findings) {
    into = etcd::parse_revision(row.entry.value);
    if (into) return;
    rows.compaction_unread = true;
    findings.add(compact_row, row.place(),
                 fmt::format("{}: its {} bytes are no revision of {}", row.entry.key,
                             row.entry.value.size(), etcd::revision_size));
}

void check_conf_state(const BucketRow& row, Rows& rows, Collector& findings) {
    auto state = etcd::parse_conf_state(row.entry.value);
    if (state) {
        rows.conf_state = *std::move(state);
    } else {
        findings.add(conf_state, row.place(), fmt::format("confState: {}", state.error().message));
    }
}

void check_storage_version(const BucketRow& row, Rows& rows, Collector& findings) {
    rows.storage_version = etcd::parse_version(row.entry.value);
    if (rows.storage_version) return;
    findings.add(storage_version, row.place(),
                 fmt::format("storageVersion: {} is no version",
                             text::escape(row.entry.value.substr(0, 64))));
}

}  // namespace

RuleRows meta_row_rules() {
    return table;
}

void check_meta_row(const BucketRow& row, Rows& rows, Collector& findings) {
    namespace keys = etcd::meta_keys;
    const Bytes key = row.entry.key;
    if (!etcd::is_known_row(etcd::buckets::meta, key)) {
        findings.add(meta_row_unknown, row.place(),
                     fmt::format("bucket meta: row {} is none of etcd's", text::escape(key)));
    }
    if (key == keys::consistent_index)
        return check_number(row, consistent_index, rows.consistent_index, findings);
    if (key == keys::term) return check_number(row, term, rows.term, findings);
    if (key == keys::scheduled_compact)
        return check_compact_row(row, rows.scheduled_compaction, rows, findings);
    if (key == keys::finished_compact)
        return check_compact_row(row, rows.finished_compaction, rows, findings);
    if (key == keys::conf_state) return check_conf_state(row, rows, findings);
    if (key == keys::storage_version) return check_storage_version(row, rows, findings);
}

}  // namespace salvor::verify
