#include "formats/bbolt/contents.hpp"

#include "formats/bbolt/tree.hpp"

namespace salvor::bbolt {
namespace {

/// The entries of one bucket, one by one.
class Entries {
 public:
    Entries(const Database& db, const Bucket& bucket) : leaves_(db, bucket) {}

    /// nullopt behind the last.
    Result<std::optional<LeafEntry>> next() {
        while (!leaf_ || at_ == leaf_->count()) {
            SALVOR_TRY(leaf_, leaves_.next());
            if (!leaf_) return std::nullopt;
            at_ = 0;
        }
        return leaf_->leaf(at_++);
    }

 private:
    Leaves leaves_;
    const PageView* leaf_ = nullptr;
    std::size_t at_ = 0;
};

using Keys = std::map<std::string, std::optional<std::string>, std::less<>>;

/// Those of `keys` from `at` on that come before `end` (all where there is no end).
Result<void> visit_new(const Keys& keys, Keys::const_iterator& at, const std::optional<Bytes>& end,
                       const Visitor& visitor) {
    for (; at != keys.end() && (!end || Bytes(at->first) < *end); ++at) {
        if (at->second) SALVOR_CHECK(visitor.entry(at->first, *at->second));
    }
    return {};
}

Result<void> walk_bucket(const Database& db, const std::optional<Bucket>& bucket,
                         const BucketChange& change, const Visitor& visitor) {
    auto changed = change.keys.begin();
    if (bucket && !change.delete_all) {
        Entries entries(db, *bucket);
        for (;;) {
            SALVOR_TRY(const auto entry, entries.next());
            if (!entry) break;
            if (entry->is_bucket) {
                return fail_at(db.offset_of(entry->key.data()), ErrorCode::unsupported,
                               "a bucket within a bucket: no etcd writes one");
            }
            SALVOR_CHECK(visit_new(change.keys, changed, entry->key, visitor));
            if (changed != change.keys.end() && Bytes(changed->first) == entry->key) continue;
            if (change.leaves_out && change.leaves_out(entry->key, entry->value)) continue;
            SALVOR_CHECK(visitor.entry(entry->key, entry->value));
        }
    }
    return visit_new(change.keys, changed, std::nullopt, visitor);
}

}  // namespace

Result<void> for_each_entry(const Database& db, Bytes name,
                            const std::function<Result<void>(Bytes key, Bytes value)>& each) {
    return for_each_entry(db, name, {}, each);
}

Result<void> for_each_entry(const Database& db, Bytes name, const BucketChange& change,
                            const std::function<Result<void>(Bytes key, Bytes value)>& each) {
    SALVOR_TRY(const auto bucket, db.bucket(name));
    return walk_bucket(db, bucket, change, {{}, each});
}

Result<void> walk_changed(const Database& db, const Change& change, const Visitor& visitor) {
    SALVOR_TRY(const auto buckets, db.buckets());
    std::map<Bytes, std::optional<Bucket>> all;
    for (const auto& [name, bucket] : buckets) all[name] = bucket;
    for (const auto& [name, _] : change) all.try_emplace(name);
    const BucketChange none;
    for (const auto& [name, bucket] : all) {
        SALVOR_CHECK(visitor.bucket(name));
        const auto changed = change.find(name);
        SALVOR_CHECK(
            walk_bucket(db, bucket, changed == change.end() ? none : changed->second, visitor));
    }
    return {};
}

Result<void> write_dense(const Database& db, const Change& change, FileWriter& out) {
    DenseWriter writer(out, db.page_size());
    SALVOR_CHECK(walk_changed(db, change,
                              {[&](Bytes name) { return writer.begin_bucket(name); },
                               [&](Bytes key, Bytes value) { return writer.put(key, value); }}));
    return writer.finish(TxId{number(db.meta().txid) + 1});
}

Result<bool> holds_changed(const Database& standing, const Database& db, const Change& change) {
    const auto differs = fail(ErrorCode::exists, "other content");
    const auto standing_buckets = standing.buckets();
    if (!standing_buckets) return false;
    auto at = standing_buckets->begin();
    std::optional<Entries> entries;
    const auto at_end = [&]() -> Result<void> {
        if (!entries) return {};
        const auto rest = entries->next();
        return rest && !*rest ? Result<void>{} : differs;
    };
    const auto same = walk_changed(
        db, change,
        {[&](Bytes name) -> Result<void> {
             SALVOR_CHECK(at_end());
             if (at == standing_buckets->end() || at->name != name) return differs;
             entries.emplace(standing, (at++)->bucket);
             return {};
         },
         [&](Bytes key, Bytes value) -> Result<void> {
             const auto entry = entries->next();
             if (!entry || !*entry || (*entry)->key != key || (*entry)->value != value) {
                 return differs;
             }
             return {};
         }});
    if (!same && same.error().code != ErrorCode::exists) return std::unexpected(same.error());
    return same && at_end() && at == standing_buckets->end();
}

}  // namespace salvor::bbolt
