#include "core/verify/lineage.hpp"

#include <algorithm>

#include "core/timeline/keyspace.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

// Rows looked up in the other database; one would do, more bear it out where a row is damaged.
constexpr std::size_t rows_compared = 8;

struct Store {
    const bbolt::Database& db;
    bbolt::Bucket keys;
    timeline::Bounds bounds;
};

std::optional<Store> store_of(const bbolt::Database& db) {
    const auto keys = db.bucket(etcd::buckets::key);
    const auto bounds = timeline::bounds(db);
    if (!keys || !*keys || !bounds) return {};
    return Store{db, **keys, *bounds};
}

struct StoredRow {
    std::string key, value;
    std::int64_t main;
};

/// The first rows of the store up to a revision; with `behind`, from that revision on.
std::vector<StoredRow> rows_between(const Store& store, std::int64_t from, std::int64_t to,
                                    std::size_t most) {
    std::vector<StoredRow> rows;
    bbolt::Leaves leaves(store.db, store.keys);
    const auto start = etcd::encode_revision({from, 0});
    auto leaf = leaves.seek({start.data(), start.size()});
    for (std::size_t i = leaves.index(); leaf && *leaf; leaf = leaves.next(), i = 0) {
        for (; i < (*leaf)->count(); ++i) {
            const auto entry = (*leaf)->leaf(i);
            const auto key = etcd::parse_row_key(entry.key);
            if (!key || key->revision.main > to || rows.size() == most) return rows;
            if (!entry.value.empty())
                rows.push_back(
                    {std::string(entry.key), std::string(entry.value), key->revision.main});
        }
    }
    return rows;
}

/// nullopt where the other store may have compacted the row away.
std::optional<bool> has(const Store& store, const StoredRow& row) {
    const auto value = store.db.get(store.keys, row.key);
    if (!value) return {};
    if (*value) return **value == row.value;
    return row.main > store.bounds.compacted ? std::optional(false) : std::nullopt;
}

std::optional<bool> compare(const Store& older, const Store& newer) {
    auto rows = rows_between(older, older.bounds.current, older.bounds.current, 1);
    if (!rows.empty()) {
        if (const auto same = has(newer, rows.front())) return same;
    }
    // A row that the newer store still has was there when the older one was taken, compacted or
    // not.
    rows = rows_between(newer, 0, older.bounds.current, rows_compared);
    for (const auto& row : rows) {
        const auto value = older.db.get(older.keys, row.key);
        if (value && (!*value || **value != row.value)) return false;
    }
    return rows.empty() ? std::nullopt : std::optional(true);
}

bool is_good(const Verified& source) {
    return source.report && source.report->backup == BackupVerdict::sound &&
           source.report->revision;
}

}  // namespace

std::optional<bool> share_history(const bbolt::Database& a, const bbolt::Database& b) {
    const auto first = store_of(a), second = store_of(b);
    if (!first || !second) return {};
    return first->bounds.current <= second->bounds.current ? compare(*first, *second)
                                                           : compare(*second, *first);
}

void Lineages::place(Verified& source, std::shared_ptr<const Snapshot> snapshot) {
    if (!is_good(source)) return;
    const auto& id = source.report->cluster_id;
    const auto founder = std::ranges::find_if(founders_, [&](const Founder& other) {
        if (id && other.cluster_id) return id == other.cluster_id;
        return share_history(*other.snapshot->database(), *snapshot->database()).value_or(false);
    });
    source.lineage = static_cast<std::size_t>(founder - founders_.begin()) + 1;
    if (founder == founders_.end()) founders_.push_back({std::move(snapshot), id});
}

std::size_t lineage_count(const std::vector<Verified>& sources) {
    std::size_t count = 0;
    for (const auto& source : sources) count = std::max(count, source.lineage);
    return count;
}

const Verified* newest_good(const std::vector<Verified>& sources) {
    if (lineage_count(sources) > 1) return nullptr;
    const Verified* newest = nullptr;
    for (const auto& source : sources) {
        if (!is_good(source)) continue;
        if (!newest || *source.report->revision > *newest->report->revision) newest = &source;
    }
    return newest;
}

}  // namespace salvor::verify
