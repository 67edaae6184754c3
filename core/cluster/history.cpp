#include "core/cluster/history.hpp"

#include <algorithm>
#include <set>

#include "core/cluster/own_time.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

/// Whether a key is an object of the one kind and name that are asked for.
class KeyOfName {
 public:
    KeyOfName(const Cluster& cluster, const Query& query) : query_(query) {
        for (const auto& prefix : cluster.registry().prefixes()) {
            if (query.targets.empty()) break;
            starts_.push_back(fmt::format("{}/{}/", prefix, query.targets[0].type->key_prefix));
        }
    }
    bool holds(Bytes key) const {
        if (!query_.raw_key.empty()) return key == query_.raw_key;
        return std::any_of(starts_.begin(), starts_.end(), [&](const std::string& start) {
            return key.starts_with(start) && is_named(key.substr(start.size()));
        });
    }

 private:
    bool is_named(Bytes rest) const {
        const auto parsed = parse_rest(*query_.targets[0].type, rest);
        if (parsed.name != query_.targets[0].names[0]) return false;
        return !parsed.type->namespaced || query_.namespace_name.empty() ||
               parsed.namespace_name == query_.namespace_name;
    }

    const Query& query_;
    std::vector<std::string> starts_;
};

std::string asked_for(const Query& query) {
    if (!query.raw_key.empty()) return text::escape(query.raw_key);
    const auto& target = query.targets[0];
    return fmt::format("{}/{}{}{}", target.type->full_name(), text::escape(target.names[0]),
                       query.namespace_name.empty() ? "" : " in namespace ",
                       text::escape(query.namespace_name));
}

std::unexpected<Error> nothing_kept(const Query& query, std::int64_t compacted, std::int64_t last) {
    if (compacted < timeline::first_revision) {
        return fail(ErrorCode::not_found,
                    "{}: there was none up to revision {}: nothing was compacted, and no revision "
                    "has it",
                    asked_for(query), last);
    }
    return fail(
        ErrorCode::not_found,
        "{}: no revision of it is kept up to revision {}; one that was deleted at or before "
        "revision {} left nothing, for etcd compacted up to there",
        asked_for(query), last, compacted);
}

std::unexpected<Error> several(const Query& query, const std::set<std::string>& all) {
    constexpr std::size_t shown = 10;
    std::string keys;
    std::size_t told = 0;
    for (const auto& key : all) {
        if (told == shown) break;
        keys += (told++ == 0 ? "" : ", ") + text::escape(key);
    }
    if (all.size() > shown) keys += fmt::format(" and {} more", all.size() - shown);
    return fail(ErrorCode::usage, "{}: {} objects have or had that name; -n chooses one: {}",
                asked_for(query), all.size(), keys);
}

std::int64_t head_of(const std::vector<const Cluster*>& clusters) {
    std::int64_t head = 0;
    for (const auto* cluster : clusters) head = std::max(head, cluster->revision());
    return head;
}

ObjectKey key_of(const Cluster& cluster, Bytes key) {
    const auto below = cluster.registry().below(key);
    return below ? parse_key(cluster.catalog(), *below) : ObjectKey{nullptr, {}, key};
}

/// The time of something behind the one and at or before the other.
std::optional<KnownTime> between(const std::optional<KnownTime>& first,
                                 const std::optional<KnownTime>& last) {
    KnownTime known;
    if (first) known.not_before = first->at ? first->at : first->not_before;
    if (last) known.not_after = last->at ? last->at : last->not_after;
    if (!known.not_before && !known.not_after) return {};
    return known;
}

/// What is read of one revision's value.
struct State {
    kube::Document document;
    Value value;
    const Value* schema = nullptr;
    Value managed_fields;
    std::int64_t revision = 0;
    std::string problem;
};

}  // namespace

/// Goes from row to row with the state of the one before.
class History::Walk {
 public:
    Walk(const History& history, const std::vector<const Times*>& times, const Options& options)
        : history_(history),
          times_(times),
          options_(options),
          redactor_(Redactor::Equality::shown) {}

    HistoryEntry step(const Row& row) {
        HistoryEntry entry;
        entry.revision = row.main();
        entry.net_after = row.net_after;
        entry.carved = row.carved;
        entry.time = time_of(entry.revision);
        if (row.carved)
            entry.time = with_own_time(entry.time, *history_.clusters_[row.source], row.carved->kv);
        if (row.net_after) entry.time = between(time_of(*row.net_after), entry.time);
        const bool is_deletion = !row.is_put();
        if (is_deletion) {
            entry.event = HistoryEvent::deleted;
        } else {
            put(row, entry);
        }
        is_first_ = false;
        was_deleted_ = is_deletion;
        return entry;
    }

 private:
    std::optional<KnownTime> time_of(std::int64_t revision) const {
        std::optional<KnownTime> known;
        for (const auto* times : times_) known = best_of(known, times->time_of(revision));
        return known;
    }

    void put(const Row& row, HistoryEntry& entry) {
        const auto& cluster = *history_.clusters_[row.source];
        const auto kv = history_.key_value(row);
        entry.version = kv.version;
        entry.create_revision = kv.create_revision;
        entry.event = event_of(kv);
        if (entry.event == HistoryEvent::changed && kv.version > 0)
            entry.lost_writes = kv.version - 1 - version_;
        version_ = kv.version > 0 ? kv.version : version_ + 1;
        if (row.carved && !row.carved->whole) return;
        auto now = read(cluster, kv);
        now->revision = entry.revision;
        entry.problem = now->problem;
        entry.writers = writers_in(&now->managed_fields);
        if (before_ && entry.event != HistoryEvent::oldest_kept && entry.lost_writes >= 0)
            compare(*now, entry);
        entry.lost_writes = std::max<std::int64_t>(entry.lost_writes, 0);
        older_ = std::move(before_);  // the entry has views into it
        before_ = std::move(now);
    }

    HistoryEvent event_of(const etcd::KeyValue& kv) const {
        if (kv.version == 1)
            return is_first_ ? HistoryEvent::created
                             : (was_deleted_ ? HistoryEvent::recreated : HistoryEvent::changed);
        return is_first_ || was_deleted_ ? HistoryEvent::oldest_kept : HistoryEvent::changed;
    }

    void compare(const State& now, HistoryEntry& entry) const {
        entry.compared_to = before_->revision;
        if (now.problem.empty() && !before_->problem.empty())
            entry.problem = fmt::format("revision {}, which it is compared to: {}",
                                        before_->revision, before_->problem);
        if (!entry.problem.empty()) return;
        entry.changes = changes(before_->value, now.value, now.schema);
        if (was_deleted_) return;  // of another life all are new
        entry.writers = writers_between({before_->value, &before_->managed_fields},
                                        {now.value, &now.managed_fields});
    }

    std::unique_ptr<State> read(const Cluster& cluster, const etcd::KeyValue& kv) const {
        auto state = std::make_unique<State>();
        if (auto read = read_into(cluster, kv, *state); !read)
            state->problem = read.error().message;
        return state;
    }

    Result<void> read_into(const Cluster& cluster, const etcd::KeyValue& kv, State& state) const {
        const Item item{key_of(cluster, history_.key_), kv};
        SALVOR_TRY(const auto object, cluster.open_object(item));
        SALVOR_TRY(state.value, object.value_tree(state.document, {true, false}));
        const auto* managed = state.value.at({"metadata", "managedFields"});
        if (managed) state.managed_fields = *managed;
        auto* metadata = state.value.find("metadata");
        if (metadata && !options_.managed_fields) metadata->erase("managedFields");
        if (!options_.show_secrets) redactor_.redact(object, state.value, state.document);
        state.schema = schema_of(item.key.type, object.api_version());
        return {};
    }

    const History& history_;
    const std::vector<const Times*>& times_;
    const Options& options_;
    Redactor redactor_;
    std::unique_ptr<State> older_, before_;
    std::int64_t version_ = 0;  ///< of the last write
    bool is_first_ = true;
    bool was_deleted_ = false;
};

Result<History> History::of(const std::vector<const Cluster*>& clusters, const Query& query,
                            std::int64_t last, const std::vector<timeline::Carved>& carved) {
    History history(clusters);
    SALVOR_CHECK(history.read_spans(last));
    const KeyOfName filter(*clusters.front(), query);
    std::vector<timeline::KeyHistory> of_each_source;
    std::set<std::string> keys;
    for (const auto* cluster : clusters) {
        SALVOR_TRY(auto found,
                   timeline::histories(cluster->db(), std::min(cluster->revision(), last),
                                       [&](Bytes key) { return filter.holds(key); }));
        for (const auto& kept : found) keys.insert(kept.key);
        of_each_source.push_back(found.empty() ? timeline::KeyHistory{} : std::move(found[0]));
    }
    std::vector<const timeline::Carved*> found_carved;
    for (const auto& row : carved) {
        if (row.main() > last || !filter.holds(row.kv.key)) continue;
        keys.insert(std::string(row.kv.key));
        found_carved.push_back(&row);
    }
    if (keys.empty())
        return nothing_kept(query, history.compacted_, std::min(head_of(clusters), last));
    if (keys.size() > 1) return several(query, keys);
    history.key_ = *keys.begin();
    history.take(std::move(of_each_source), found_carved);
    return history;
}

Result<std::vector<History>> History::of_keys(const Cluster& cluster,
                                              const std::function<bool(Bytes)>& keep) {
    History pattern({&cluster});
    SALVOR_CHECK(pattern.read_spans(INT64_MAX));
    SALVOR_TRY(auto found, timeline::histories(cluster.db(), cluster.revision(), keep));
    std::vector<History> histories;
    for (auto& kept : found) {
        histories.push_back(pattern);
        std::vector<timeline::KeyHistory> alone;
        alone.push_back(std::move(kept));
        histories.back().take(std::move(alone));
    }
    return histories;
}

/// A file that was compacted behind `last` tells nothing up to there for sure.
Result<void> History::read_spans(std::int64_t last) {
    std::vector<timeline::Span> spans;
    for (const auto* cluster : clusters_) {
        SALVOR_TRY(const auto bounds, timeline::bounds(cluster->db()));
        const auto compacted = std::max<std::int64_t>(bounds.compacted, 0);
        const auto head = std::min(cluster->revision(), last);
        spans.push_back(compacted > head ? timeline::Span{} : timeline::Span{compacted, head});
        compacted_ = spans.size() == 1 ? bounds.compacted : std::min(compacted_, bounds.compacted);
    }
    dark_ = timeline::stretches(spans);
    std::erase_if(dark_, [](const auto& stretch) { return stretch.is_whole; });
    gaps_ = dark_;
    std::erase_if(gaps_, [](const auto& stretch) { return stretch.from == 0; });
    return {};
}

void History::take(std::vector<timeline::KeyHistory> of_each_source,
                   const std::vector<const timeline::Carved*>& carved) {
    for (std::size_t i = 0; i < of_each_source.size(); ++i) {
        if (!of_each_source[i].rows.empty()) key_ = of_each_source[i].key;
        for (const auto& kept : of_each_source[i].rows) rows_.push_back({i, kept, {}});
    }
    for (const auto* row : carved) rows_.push_back({0, {row->row_key, {}}, {}, row});
    const auto revision = [](const Row& row) { return row.kept.row_key.revision; };
    std::stable_sort(rows_.begin(), rows_.end(),
                     [&](const Row& a, const Row& b) { return revision(a) < revision(b); });
    const auto same = [&](const Row& a, const Row& b) { return revision(a) == revision(b); };
    rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
    carved_ = static_cast<std::size_t>(
        std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.carved; }));
    kept_ = rows_.size() - carved_;
    for (const auto& gap : dark_) note_hidden_deletions(gap, of_each_source[gap.span].rows);
}

etcd::KeyValue History::key_value(const Row& row) const {
    if (row.carved) return row.carved->kv;
    return timeline::key_value_at(clusters_[row.source]->db(), row.kept.position);
}

/// Where one state is followed by one of another life, or by none: from the state before the gap,
/// by what was carved within it, to the one that the file behind it has (`newer`).
void History::note_hidden_deletions(const timeline::Stretch& gap,
                                    const std::vector<timeline::KeptRow>& newer) {
    const auto behind = [&](std::int64_t revision) {
        return std::find_if(rows_.begin(), rows_.end(),
                            [&](const Row& row) { return row.main() > revision; });
    };
    auto at = behind(gap.from);
    if (at != rows_.begin()) --at;
    const std::vector<Row> within(at, behind(gap.to));
    for (std::size_t i = 0; i < within.size(); ++i) {
        if (!within[i].is_put()) continue;
        const auto after = std::max(within[i].main(), gap.from);
        if (i + 1 < within.size()) {
            const auto created = key_value(within[i + 1]).create_revision;
            if (within[i + 1].is_put() && created > within[i].main())
                note_hidden_deletion(after, created);
        } else if (newer.empty() || newer.front().row_key.revision.main > gap.to) {
            note_hidden_deletion(after, gap.to);
        }
    }
}

void History::note_hidden_deletion(std::int64_t after, std::int64_t upto) {
    const Row hidden{0, {{{upto, 0}, true}, {}}, after};
    rows_.insert(std::find_if(rows_.begin(), rows_.end(),
                              [&](const Row& row) { return row.main() >= upto; }),
                 hidden);
}

ObjectKey History::object_key() const {
    return key_of(*clusters_.front(), key_);
}

std::int64_t History::lost_versions() const {
    for (const auto& row : rows_) {
        if (row.is_put()) return std::max<std::int64_t>(key_value(row).version - 1, 0);
    }
    return 0;
}

void History::each(const std::vector<const Times*>& times, const Options& options,
                   const std::function<void(const HistoryEntry&)>& each) const {
    Walk walk(*this, times, options);
    for (const auto& row : rows_) each(walk.step(row));
}

}  // namespace salvor::cluster
