#include "core/restore/filter.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "core/cluster/cluster.hpp"
#include "core/cluster/select.hpp"
#include "core/timeline/key_history.hpp"
#include "core/timeline/state.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/kube/finalizers.hpp"
#include "formats/kube/lifecycle.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"

namespace salvor::restore {
namespace {

using KeySet = std::set<Bytes>;

/// Where there is no Kubernetes every word is a prefix.
class Words {
 public:
    explicit Words(const bbolt::Database& db) {
        if (auto cluster = cluster::Cluster::open(db, {})) cluster_ = *std::move(cluster);
    }

    Result<FilterTerm> term(const char* option, const std::string& word) const {
        FilterTerm term{word, {}};
        if (!cluster_ || word.starts_with('/')) {
            if (word.empty()) return fail(ErrorCode::usage, "{}: an empty prefix", option);
            term.prefixes.push_back(word);
            return term;
        }
        const auto targets = cluster::parse_targets(cluster_->catalog(), {word});
        if (!targets) {
            return fail(ErrorCode::usage, "{} {}: {}; a prefix of keys starts with /", option,
                        text::escape(word), targets.error().message);
        }
        for (const auto& target : *targets) {
            if (!target.names.empty())
                return fail(ErrorCode::usage, "{} {}: give a KIND without a name", option,
                            text::escape(word));
            for (const auto& prefix : cluster_->registry().prefixes())
                term.prefixes.push_back(fmt::format("{}/{}/", prefix, target.type->key_prefix));
        }
        return term;
    }

 private:
    std::unique_ptr<cluster::Cluster> cluster_;
};

/// Which keys wait for a finalizer to be deleted.
class Waiting {
 public:
    bool look_at(const etcd::KeyValue& kv) {
        switch (kube::encoding_of(kv.value)) {
            case kube::Encoding::protobuf: {
                const auto envelope = kube::open_envelope(kv.value);
                if (!envelope) return false;
                kube::read_lifecycle(envelope->raw, life_);
                break;
            }
            case kube::Encoding::json: kube::read_lifecycle(kv.value, document_, life_); break;
            case kube::Encoding::encrypted: ++encrypted_; return false;
            default: return false;
        }
        return life_.is_deleted && !life_.finalizers.empty();
    }
    std::uint64_t encrypted() const { return encrypted_; }

 private:
    kube::Lifecycle life_;
    kube::Document document_;
    std::uint64_t encrypted_ = 0;
};

/// Goes over all live keys once.
class Application {
 public:
    Application(const bbolt::Database& db, const Filter& filter, bbolt::Change& change)
        : db_(db),
          filter_(filter),
          rows_(change[std::string(etcd::buckets::key)]),
          change_(change) {}

    Result<Filtered> run(std::int64_t revision) {
        for (const auto& term : filter_.drop) said_.dropped.push_back({"--drop " + term.word});
        if (!filter_.keep.empty()) said_.dropped.push_back({keep_words()});
        if (filter_.leases) SALVOR_CHECK(drop_leases());
        SALVOR_CHECK(count());
        rows_.leaves_out = [this_filter = filter_, leased = leased_](Bytes, Bytes value) {
            const auto key = etcd::parse_key(value);
            return key && (this_filter.dropped_by(*key) || leased->contains(*key));
        };
        const auto row = etcd::encode_revision({revision, 0});
        auto& meta = change_[std::string(etcd::buckets::meta)].keys;
        meta.try_emplace(std::string(etcd::meta_keys::scheduled_compact),
                         std::string(row.data(), row.size()));
        return std::move(said_);
    }

 private:
    std::string keep_words() const {
        std::string words;
        for (const auto& each : filter_.keep)
            words += (words.empty() ? "--keep " : ",") + each.word;
        return words;
    }

    Result<void> drop_leases() {
        SALVOR_TRY(const auto attached, timeline::attachments(db_));
        std::set<std::int64_t> leases;
        for (const auto& [lease, key] : attached) leased_->insert(key);
        SALVOR_CHECK(
            bbolt::for_each_entry(db_, etcd::buckets::lease, [&](Bytes, Bytes) -> Result<void> {
                ++said_.leases;
                return {};
            }));
        change_[std::string(etcd::buckets::lease)].delete_all = true;
        said_.dropped.push_back({"--drop-leases"});
        return {};
    }

    Result<void> count() {
        SALVOR_TRY(const auto state, timeline::range(db_, {"", std::string(1, '\0'), 0}));
        Waiting waiting;
        KeySet to_clear;
        for (std::size_t i = 0; i < state.size(); ++i) {
            const auto kv = state[i];
            if (const auto by = filter_.dropped_by(kv.key)) {
                note(said_.dropped[*by], kv);
            } else if (leased_->contains(kv.key)) {
                note(said_.dropped.back(), kv);
            } else if (filter_.finalizers && waiting.look_at(kv)) {
                to_clear.insert(kv.key);
            }
        }
        said_.not_looked_into = waiting.encrypted();
        return clear_finalizers(to_clear);
    }

    static void note(Filtered::Count& by, const etcd::KeyValue& kv) {
        ++by.keys;
        by.bytes += kv.key.size() + kv.value.size();
    }

    /// Rewrites the newest row of each.
    Result<void> clear_finalizers(const KeySet& keys) {
        if (keys.empty()) return {};
        SALVOR_TRY(const auto histories, timeline::histories(db_, INT64_MAX, [&](Bytes key) {
                       return keys.contains(key);
                   }));
        for (const auto& history : histories) {
            const auto& last = history.rows.back();
            auto kv = timeline::key_value_at(db_, last.position);
            SALVOR_TRY(const auto value, kube::without_finalizers(kv.value));
            kv.value = value;
            const auto row = etcd::encode_revision(last.row_key.revision);
            rows_.keys[std::string(row.data(), row.size())] = etcd::encode_key_value(kv);
            said_.cleared.push_back(history.key);
        }
        return {};
    }

    const bbolt::Database& db_;
    const Filter& filter_;
    bbolt::BucketChange& rows_;
    bbolt::Change& change_;
    std::shared_ptr<KeySet> leased_ = std::make_shared<KeySet>();  ///< views into the map
    Filtered said_;
};

}  // namespace

bool FilterTerm::holds(Bytes key) const {
    return std::ranges::any_of(prefixes,
                               [&](const auto& prefix) { return key.starts_with(prefix); });
}

std::optional<std::size_t> Filter::dropped_by(Bytes key) const {
    const auto holds = [&](const FilterTerm& term) { return term.holds(key); };
    const auto found = std::ranges::find_if(drop, holds);
    if (found != drop.end()) return static_cast<std::size_t>(found - drop.begin());
    if (keep.empty() || std::ranges::any_of(keep, holds)) return {};
    return drop.size();
}

Result<Filter> resolve(const bbolt::Database& db, const FilterWishes& wishes) {
    Filter filter{{}, {}, wishes.leases, wishes.finalizers};
    if (wishes.drop.empty() && wishes.keep.empty() && !wishes.events) return filter;
    const Words words(db);
    auto drop = wishes.drop;
    if (wishes.events) drop.emplace_back("events");
    for (const auto& word : drop) {
        SALVOR_TRY(auto term, words.term("--drop", word));
        filter.drop.push_back(std::move(term));
    }
    for (const auto& word : wishes.keep) {
        SALVOR_TRY(auto term, words.term("--keep", word));
        filter.keep.push_back(std::move(term));
    }
    return filter;
}

Result<Filtered> apply(const bbolt::Database& db, const Filter& filter, std::int64_t revision,
                       bbolt::Change& change) {
    return Application(db, filter, change).run(revision);
}

}  // namespace salvor::restore
