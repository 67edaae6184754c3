#include "core/cluster/history.hpp"

#include <algorithm>

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

std::unexpected<Error> several(const Query& query, const std::vector<timeline::KeyHistory>& all) {
    constexpr std::size_t shown = 10;
    std::string keys;
    for (std::size_t i = 0; i < std::min(shown, all.size()); ++i)
        keys += (i == 0 ? "" : ", ") + text::escape(all[i].key);
    if (all.size() > shown) keys += fmt::format(" and {} more", all.size() - shown);
    return fail(ErrorCode::usage, "{}: {} objects have or had that name; -n chooses one: {}",
                asked_for(query), all.size(), keys);
}

/// What is read of one revision's value.
struct State {
    kube::Document document;
    Value value;
    const Value* schema = nullptr;
    std::vector<Writer> writers;
    std::int64_t revision = 0;
    std::string problem;
};

}  // namespace

std::vector<Writer> writers_in(const Value& object) {
    std::vector<Writer> writers;
    const auto* managed = object.at({"metadata", "managedFields"});
    if (!managed) return writers;
    for (const auto& entry : managed->items) {
        writers.push_back({std::string(entry.text("manager")), std::string(entry.text("operation")),
                           std::string(entry.text("subresource")),
                           std::string(entry.text("time"))});
    }
    return writers;
}

/// Goes from row to row with the state of the one before.
class History::Walk {
 public:
    Walk(const History& history, const Times& times, const Options& options)
        : history_(history),
          times_(times),
          options_(options),
          object_key_(history.object_key()),
          redactor_(Redactor::Equality::shown) {}

    HistoryEntry step(const timeline::KeptRow& row) {
        HistoryEntry entry;
        entry.revision = row.row_key.revision.main;
        entry.time = times_.time_of(entry.revision);
        if (row.row_key.tombstone) {
            entry.event = HistoryEvent::deleted;
        } else {
            put(row, entry);
        }
        is_first_ = false;
        was_deleted_ = row.row_key.tombstone;
        return entry;
    }

 private:
    void put(const timeline::KeptRow& row, HistoryEntry& entry) {
        const auto kv = timeline::key_value_at(history_.cluster_->db(), row.position);
        entry.version = kv.version;
        entry.create_revision = kv.create_revision;
        entry.event = event_of(kv);
        auto now = read(kv);
        now->revision = entry.revision;
        entry.problem = now->problem;
        entry.writers = now->writers;
        if (before_ && entry.event != HistoryEvent::oldest_kept) compare(*now, entry);
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
        std::erase_if(entry.writers, [&](const Writer& writer) {
            const auto& old = before_->writers;
            return std::find(old.begin(), old.end(), writer) != old.end();
        });
    }

    std::unique_ptr<State> read(const etcd::KeyValue& kv) const {
        auto state = std::make_unique<State>();
        if (auto read = read_into(kv, *state); !read) state->problem = read.error().message;
        return state;
    }

    Result<void> read_into(const etcd::KeyValue& kv, State& state) const {
        const Item item{object_key_, kv};
        SALVOR_TRY(const auto object, history_.cluster_->open_object(item));
        SALVOR_TRY(state.value, object.value_tree(state.document, {true, false}));
        state.writers = writers_in(state.value);
        auto* metadata = state.value.find("metadata");
        if (metadata && !options_.managed_fields) metadata->erase("managedFields");
        if (!options_.show_secrets) redactor_.redact(object, state.value, state.document);
        state.schema = schema_of(object_key_.type, object.api_version());
        return {};
    }

    const History& history_;
    const Times& times_;
    const Options& options_;
    ObjectKey object_key_;
    Redactor redactor_;
    std::unique_ptr<State> older_, before_;
    bool is_first_ = true;
    bool was_deleted_ = false;
};

Result<History> History::of(const Cluster& cluster, const Query& query) {
    SALVOR_TRY(const auto bounds, timeline::bounds(cluster.db()));
    const KeyOfName filter(cluster, query);
    SALVOR_TRY(auto found, timeline::histories(cluster.db(), cluster.revision(),
                                               [&](Bytes key) { return filter.holds(key); }));
    if (found.empty()) return nothing_kept(query, bounds.compacted, cluster.revision());
    if (found.size() > 1) return several(query, found);
    History history(cluster, std::move(found[0]));
    history.compacted_ = bounds.compacted;
    return history;
}

Result<std::vector<History>> History::of_keys(const Cluster& cluster,
                                              const std::function<bool(Bytes)>& keep) {
    SALVOR_TRY(const auto bounds, timeline::bounds(cluster.db()));
    SALVOR_TRY(auto found, timeline::histories(cluster.db(), cluster.revision(), keep));
    std::vector<History> histories;
    for (auto& kept : found) {
        histories.push_back(History(cluster, std::move(kept)));
        histories.back().compacted_ = bounds.compacted;
    }
    return histories;
}

ObjectKey History::object_key() const {
    const auto below = cluster_->registry().below(kept_.key);
    return below ? parse_key(cluster_->catalog(), *below) : ObjectKey{nullptr, {}, kept_.key};
}

std::int64_t History::lost_versions() const {
    for (const auto& row : kept_.rows) {
        if (row.row_key.tombstone) continue;
        return timeline::key_value_at(cluster_->db(), row.position).version - 1;
    }
    return 0;
}

void History::each(const Times& times, const Options& options,
                   const std::function<void(const HistoryEntry&)>& each) const {
    Walk walk(*this, times, options);
    for (const auto& row : kept_.rows) each(walk.step(row));
}

}  // namespace salvor::cluster
