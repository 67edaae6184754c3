#include "core/verify/revision/key_rows.hpp"

#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule row_key{"row-key", Layer::record, Severity::error,
                       "a row's key is a revision in 17 bytes, with a mark in 18 for a deletion",
                       remedy::stops_etcd};
constexpr Rule row_value{"row-value", Layer::record, Severity::error,
                         "a row's value parses as mvccpb.KeyValue", remedy::stops_etcd};
constexpr Rule row_user_key{
    "row-user-key", Layer::record, Severity::error,
    "a row names the key that it changes; only the marker of a revision bump names none",
    remedy::damaged};
constexpr Rule row_deletion{"row-deletion", Layer::record, Severity::warning,
                            "a deletion has a key and nothing else",
                            "etcd reads the key alone; nothing has to be done"};
constexpr Rule bump_marker{
    "bump-marker", Layer::record, Severity::note, "no revision bump left its marker",
    "a restore raised the revision to this one and marked all before it compacted; nothing has "
    "to be done"};
constexpr std::array table{row_key, row_value, row_user_key, row_deletion, bump_marker};

bool only_key(const etcd::KeyValue& kv) {
    return kv.create_revision == 0 && kv.mod_revision == 0 && kv.version == 0 && kv.lease == 0 &&
           kv.value.empty();
}

}  // namespace

RuleRows key_row_rules() {
    return table;
}

std::optional<KeyRow> read_key_row(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf,
                                   std::size_t index, const etcd::RowKey& key,
                                   const Compaction& compaction, Collector& findings) {
    const auto entry = leaf.page.leaf(index);
    const auto add = [&](const Rule& rule, std::string message) {
        findings.add(rule, place_of(db, leaf, index),
                     fmt::format("row {}: {}", to_string(key.revision), message));
    };
    // Source: etcd etcdutl/snapshot/v3_snapshot.go modifyLatestRevision
    if (entry.value.empty() && !key.tombstone && key.revision.sub == 0 &&
        !compaction.keeps_all_of(key.revision.main)) {
        add(bump_marker, "an empty value, the marker of a revision bump");
        return {};
    }
    const auto kv = etcd::parse_key_value(entry.value);
    if (!kv) {
        auto place = place_of(db, leaf, index);
        place.offset = db.offset_of(entry.value.data());
        findings.add(row_value, std::move(place),
                     fmt::format("row {}: {}", to_string(key.revision), kv.error().message));
        return {};
    }
    if (kv->key.empty()) {
        add(row_user_key, "its value names no key");
        return {};
    }
    if (key.tombstone && !only_key(*kv)) {
        add(row_deletion,
            fmt::format("the deletion of {} has more than the key", text::escape(kv->key)));
    }
    return KeyRow{db, leaf, index, entry, key, *kv};
}

std::optional<etcd::RowKey> read_row_key(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf,
                                         std::size_t index, Collector& findings) {
    const auto [raw, value, is_bucket] = leaf.page.leaf(index);
    if (is_bucket) {
        report_nested(place_of(db, leaf, index), leaf.bucket, raw, findings);
        return {};
    }
    const auto key = etcd::parse_row_key(raw);
    if (!key) {
        findings.add(row_key, place_of(db, leaf, index),
                     fmt::format("row {}: {} bytes that are no revision",
                                 text::escape(raw.substr(0, 32)), raw.size()));
    }
    return key;
}

}  // namespace salvor::verify
