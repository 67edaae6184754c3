#include "core/usage/usage.hpp"

#include <algorithm>
#include <future>
#include <unordered_map>

#include "core/cluster/object_key.hpp"
#include "core/cluster/registry_key.hpp"
#include "core/timeline/key_table.hpp"
#include "core/timeline/keyspace.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/kube/metadata.hpp"

namespace salvor::usage {
namespace {

/// Shares by name; what is beyond max_names is left out of the list, not of the sums.
class Shares {
 public:
    Share* at(Bytes name) {
        if (last_ && last_->name == name) return last_;
        const auto found = shares_.find(std::string(name));
        if (found != shares_.end()) return last_ = &found->second;
        if (shares_.size() == max_names) return nullptr;
        auto& share = shares_[std::string(name)];
        share.name = name;
        return last_ = &share;
    }
    std::vector<Share> take() {
        std::vector<Share> all;
        for (auto& [name, share] : shares_) all.push_back(std::move(share));
        std::sort(all.begin(), all.end(), [](const Share& a, const Share& b) {
            const auto of = [](const Share& share) { return share.live.bytes + share.older.bytes; };
            return of(a) != of(b) ? of(a) > of(b) : a.name < b.name;
        });
        return all;
    }

 private:
    std::unordered_map<std::string, Share> shares_;
    Share* last_ = nullptr;
};

/// The place and the namespace of a key, of any kind: what is no object is told by its first
/// segment.
struct Where {
    std::string kind;
    Bytes namespace_name;  ///< empty: none
};

class Count {
 public:
    Count(const bbolt::Database& db, timeline::KeyTable newest)
        : db_(db), newest_(std::move(newest)) {}

    void note(const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
        registry_.look_at(kv.key);
        newest_.find(kv.key).put({position, !row.row_key.tombstone});
    }

    void count(const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
        const auto note = newest_.look_up(kv.key);
        if (!note) return;
        const auto size = bbolt::element_size + row.raw_key.size() + row.raw_value.size();
        const bool is_live = note->row == position && note->live;
        (is_live ? usage_.live : usage_.older).add(size);
        const auto where = where_of(kv.key);
        const auto add = [&](Shares& shares, Bytes name) {
            if (auto* share = shares.at(name)) (is_live ? share->live : share->older).add(size);
        };
        add(kinds_, where.kind);
        add(namespaces_, where.namespace_name);
        if (is_live) {
            if (auto* share = managers_.at(kube::last_manager(kv.value))) share->live.add(size);
            keep_large(position, size);
        } else {
            older_.push_back({number(note->row), size});
        }
    }

    Usage take() {
        usage_.kinds = kinds_.take();
        usage_.namespaces = namespaces_.take();
        usage_.managers = managers_.take();
        take_largest();
        take_most_revised();
        return std::move(usage_);
    }

 private:
    struct Sized {
        std::uint64_t position, bytes;
    };

    Where where_of(Bytes key) const {
        const auto below = registry_.below(key);
        if (!below) {
            const auto start = key.starts_with('/') ? 1U : 0U;
            const auto end = key.find('/', start);
            return {std::string(key.substr(0, end)) + (end == Bytes::npos ? "" : "/"), {}};
        }
        const auto parsed = cluster::parse_key(catalog_, *below);
        if (parsed.type) {
            auto name =
                parsed.type->plural.empty() ? parsed.type->key_prefix : parsed.type->full_name();
            return {std::move(name), parsed.namespace_name};
        }
        Where where{cluster::resource_of(*below).value_or(std::string("other")), {}};
        // Of a custom resource group, plural, namespace and name; without a namespace one less.
        if (std::count(below->begin(), below->end(), '/') != 3) return where;
        const auto start = below->find('/', below->find('/') + 1) + 1;
        where.namespace_name = below->substr(start, below->find('/', start) - start);
        return where;
    }

    static bool is_larger(const Sized& a, const Sized& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.position < b.position;
    }
    void keep_large(timeline::RowPosition position, std::uint64_t size) {
        if (largest_.size() == keys_listed && size <= largest_.front().bytes) return;
        if (largest_.size() == keys_listed) {
            std::pop_heap(largest_.begin(), largest_.end(), is_larger);
            largest_.pop_back();
        }
        largest_.push_back({number(position), size});
        std::push_heap(largest_.begin(), largest_.end(), is_larger);
    }

    std::string key_at(std::uint64_t position) const {
        const auto entry = timeline::entry_at(db_, timeline::RowPosition{position});
        return std::string(cluster::without_token(etcd::parse_key(entry.value).value_or(Bytes{})));
    }
    void take_largest() {
        std::sort(largest_.begin(), largest_.end(), is_larger);
        for (const auto& [position, bytes] : largest_)
            usage_.largest.push_back({key_at(position), bytes, 1, true});
    }

    /// Older rows are named by the newest row of their key.
    void take_most_revised() {
        std::sort(older_.begin(), older_.end(),
                  [](const Sized& a, const Sized& b) { return a.position < b.position; });
        std::vector<Key> keys;
        const auto more = [](const Key& a, const Key& b) {
            return a.revisions != b.revisions ? a.revisions > b.revisions : a.key < b.key;
        };
        for (std::size_t i = 0; i < older_.size();) {
            const auto position = older_[i].position;
            Key key;
            for (; i < older_.size() && older_[i].position == position; ++i) {
                ++key.revisions;
                key.bytes += older_[i].bytes;
            }
            const auto entry = timeline::entry_at(db_, timeline::RowPosition{position});
            const auto row = etcd::parse_row_key(entry.key);
            key.is_live = row && !row->tombstone;
            if (key.is_live) {
                ++key.revisions;
                key.bytes += bbolt::element_size + entry.key.size() + entry.value.size();
            }
            key.key = key_at(position);
            keys.push_back(std::move(key));
            if (keys.size() < 2 * keys_listed) continue;
            std::sort(keys.begin(), keys.end(), more);
            keys.resize(keys_listed);
        }
        std::sort(keys.begin(), keys.end(), more);
        keys.resize(std::min(keys.size(), keys_listed));
        usage_.most_revised = std::move(keys);
    }

    const bbolt::Database& db_;
    timeline::KeyTable newest_;
    cluster::Registry registry_;
    cluster::Catalog catalog_{kube::schema::newest_release};
    Shares kinds_, namespaces_, managers_;
    std::vector<Sized> largest_;  ///< a heap, the smallest in front
    std::vector<Sized> older_;
    Usage usage_;
};

}  // namespace

/// etcd's defragmentation fills pages to nine tenths.
/// Source: etcd server/storage/backend/backend.go defragdb
std::uint64_t Usage::given_back(std::uint64_t kept) const {
    const auto after = kept + kept / 9;
    return file - std::min(file, after);
}

Result<Usage> gather(const Snapshot& snapshot) {
    const auto& opened = snapshot.database();
    if (!opened) return std::unexpected(opened.error());
    const auto& db = *opened;
    SALVOR_TRY(auto table, timeline::KeyTable::over(db));
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    Count count(db, std::move(table));
    // Where no second thread is to be had, it is done at the end.
    auto check = std::async(std::launch::async | std::launch::deferred,
                            [&db] { return bbolt::check(db, [](const Problem&) {}); });
    SALVOR_CHECK(timeline::walk_key_values(
        db, [&](const auto& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
            count.note(row, position, kv);
            return true;
        }));
    SALVOR_CHECK(timeline::walk_key_values(
        db, [&](const auto& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
            count.count(row, position, kv);
            return true;
        }));
    auto usage = count.take();
    const auto structure = check.get();
    usage.revision = bounds.current;
    usage.compacted = bounds.compacted;
    usage.file = snapshot.image().size();
    usage.page_size = db.page_size();
    usage.pages = number(db.meta().high_water);
    usage.used = structure.used_bytes;
    usage.fragmented = structure.fragmented_bytes;
    usage.free = structure.pages.free * db.page_size();
    return usage;
}

}  // namespace salvor::usage
