#include "core/diff/event.hpp"

#include <algorithm>
#include <set>

#include "core/cluster/export/cleaning.hpp"
#include "core/cluster/key_filter.hpp"
#include "core/cluster/present.hpp"
#include "core/diff/event_detail.hpp"
#include "core/diff/field_filter.hpp"
#include "core/diff/noise.hpp"
#include "core/diff/raw_value.hpp"
#include "core/snapshot/records.hpp"
#include "core/timeline/differences.hpp"
#include "core/timeline/key_table.hpp"
#include "core/timeline/stretches.hpp"

namespace salvor::diff {
namespace {

using cluster::Object;
using kube::Value;
using timeline::KeyTable;

/// One state of a key, opened and read as far as that can be.
struct State {
    std::optional<etcd::KeyValue> row;
    std::optional<cluster::Item> item;
    std::optional<Result<Object>> object;
    kube::Document document;
    Value value;
    std::string problem;

    const Value* managed_fields() const { return value.at({"metadata", "managedFields"}); }
    const Object* readable() const { return object && *object ? &**object : nullptr; }
    bool is_told() const { return readable() && problem.empty(); }
};

struct Shared {
    const TimelineOptions& options;
    cluster::Redactor redactor{cluster::Redactor::Equality::shown};
    const std::function<void(const Event&)>& take;
};

/// The events of one file.
class Teller {
 public:
    Teller(const TimelineSource& source, const Shared& shared)
        : source_(source),
          shared_(shared),
          options_(shared.options),
          selected_(*source.cluster, shared.options.query),
          presenter_(*source.cluster, {true, options_.show_secrets, true}) {}

    Result<void> read_leases() {
        SALVOR_TRY(const auto leases, salvor::leases(source_.cluster->db()));
        for (const auto& lease : leases) leases_.insert(lease.id);
        return {};
    }

    /// Every change behind `from` up to `to`.
    Result<void> tell_whole(std::int64_t from, std::int64_t to) {
        const auto& db = source_.cluster->db();
        SALVOR_TRY(auto table, KeyTable::over(db));
        return timeline::walk_key_values(
            db, [&](const timeline::Row& row, timeline::RowPosition position,
                    const etcd::KeyValue& kv) {
                const auto main = row.row_key.revision.main;
                if (main > std::min(to, options_.last)) return false;
                if (main < timeline::first_revision || kv.key.empty()) return true;
                auto place = table.find(kv.key);
                const auto before = place.note();
                place.put({position, !row.row_key.tombstone});
                if (main <= from || main < options_.first || !is_selected(kv.key)) return true;
                std::optional<etcd::KeyValue> old;
                if (before && before->live)
                    old = etcd::parse_key_value(timeline::entry_at(db, before->row).value)
                              .value_or(etcd::KeyValue{});
                std::optional<etcd::KeyValue> now;
                if (!row.row_key.tombstone) now = kv;
                tell(main, {}, old, now);
                return true;
            });
    }

    /// What the revisions behind `from` up to `to` came to; `older` is a file that has `from`.
    Result<void> tell_net(const TimelineSource& older, std::int64_t from, std::int64_t to) {
        const auto keep = [&](Bytes key) { return is_selected(key); };
        SALVOR_TRY(const auto before, timeline::range(older.cluster->db(), from, keep));
        SALVOR_TRY(const auto after, timeline::range(source_.cluster->db(), to, keep));
        struct Net {
            std::int64_t revision;
            std::optional<etcd::KeyValue> before, after;
        };
        std::vector<Net> found;
        timeline::each_difference(before, after,
                                  [&](const etcd::KeyValue* old, const etcd::KeyValue* now) {
                                      Net net{now ? now->mod_revision : to, {}, {}};
                                      if (old) net.before = *old;
                                      if (now) net.after = *now;
                                      found.push_back(net);
                                      return true;
                                  });
        std::stable_sort(found.begin(), found.end(),
                         [](const Net& a, const Net& b) { return a.revision < b.revision; });
        for (const auto& net : found) {
            if (net.revision >= options_.first && net.revision <= options_.last)
                tell(net.revision, from, net.before, net.after);
        }
        return {};
    }

 private:
    bool is_selected(Bytes key) const {
        const auto& name = options_.name;
        if (!name.empty() && key.substr(key.rfind('/') + 1) != name) return false;
        return options_.selects_all || selected_.holds(key);
    }

    /// Whether it may have been then.
    bool is_in_time(const std::optional<cluster::KnownTime>& time) const {
        if (!time) return true;
        const auto first = time->best();
        const auto last = time->at ? time->at : time->not_after;
        return !(options_.until && first && *first > *options_.until) &&
               !(options_.since && last && last->seconds < *options_.since);
    }

    void tell(std::int64_t revision, std::optional<std::int64_t> net_after,
              const std::optional<etcd::KeyValue>& old, const std::optional<etcd::KeyValue>& now) {
        const auto verb = verb_of(old, now);
        const auto& verbs = options_.verbs;
        if (!verbs.empty() && std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return;
        if ((now || old) && is_noise(now ? *now : *old)) return;
        State before, after;
        open(old, before);
        open(now, after);
        Event event;
        event.revision = revision;
        event.net_after = net_after;
        event.verb = verb;
        if (!describe(before, after, event) || !security_passes(before, after, event) ||
            !compare(before, after, event))
            return;
        if (!options_.manager.empty() &&
            std::none_of(event.writers.begin(), event.writers.end(),
                         [&](const auto& writer) { return writer.manager == options_.manager; }))
            return;
        event.time = source_.times->time_of(revision);
        if (!is_in_time(event.time)) return;
        tell_with_last_state(before, event);
    }

    /// Told by the key, before the object is opened.
    bool is_noise(const etcd::KeyValue& row) const {
        if (options_.all) return false;
        const auto item = source_.cluster->item(row);
        return item && noise_rule(item->key);
    }

    Verb verb_of(const std::optional<etcd::KeyValue>& old,
                 const std::optional<etcd::KeyValue>& now) const {
        if (now) return old ? Verb::updated : Verb::created;
        return old && old->lease != 0 && !leases_.contains(old->lease) ? Verb::expired
                                                                       : Verb::deleted;
    }

    void open(const std::optional<etcd::KeyValue>& row, State& state) const {
        state.row = row;
        if (!row) return;
        state.item = source_.cluster->item(*row);
        if (!state.item) return;
        state.object = source_.cluster->open_object(*state.item);
        if (!*state.object) {
            state.problem = state.object->error().message;
            return;
        }
        auto value = (**state.object).value_tree(state.document, {true, true});
        if (!value) {
            state.problem = value.error().message;
            return;
        }
        state.value = std::move(*value);
        if (!options_.show_secrets)
            shared_.redactor.redact(**state.object, state.value, state.document);
    }

    /// Who and what; false where the event does not count.
    bool describe(const State& before, const State& after, Event& event) const {
        const auto& state = after.row ? after : before;
        if (!state.row) return false;
        event.key = options_.show_secrets ? std::string(state.row->key)
                                          : std::string(cluster::without_token(state.row->key));
        event.problem = state.problem;
        if (!state.item) return options_.selects_all && !options_.security;
        const auto& key = state.item->key;
        const auto* object = state.readable();
        event.namespace_name = key.namespace_name;
        event.name = object && !options_.show_secrets ? shared_.redactor.name(*object) : key.name;
        if (key.type) event.object_kind = key.type->kind;
        if (key.type)
            event.resource =
                key.type->plural.empty() ? key.type->key_prefix : key.type->full_name();
        if (object) {
            event.api_version = object->api_version();
            event.object_kind = object->kind();
            if (event.resource.empty()) event.resource = event.object_kind;
        }
        return labels_pass(before, after);
    }

    bool labels_pass(const State& before, const State& after) const {
        const auto& labels = options_.query.labels;
        const auto pass = [&](const State& state) {
            if (!state.readable()) return state.row.has_value();
            const auto held = cluster::labels_hold(*state.readable(), labels);
            return !held || *held;
        };
        return labels.empty() || pass(before) || pass(after);
    }

    bool security_passes(const State& before, const State& after, Event& event) const {
        if (!options_.security) return true;
        const auto group = kube::split_api_version(event.api_version).group;
        auto reason =
            security_reason(group, event.object_kind, before.is_told() ? &before.value : nullptr,
                            after.is_told() ? &after.value : nullptr);
        if (reason) event.detail = *std::move(reason);
        return reason.has_value();
    }

    /// What changed; false where nothing is left.
    bool compare(State& before, State& after, Event& event) const {
        if (after.row && !after.item) return compare_raw(before, after, event);
        if (event.verb == Verb::created)
            event.writers = cluster::writers_in(after.managed_fields());
        if (event.verb != Verb::updated || !event.problem.empty()) return true;
        if (!before.is_told()) {
            event.problem = before.problem;
            return true;
        }
        event.writers = cluster::writers_between({before.value, before.managed_fields()},
                                                 {after.value, after.managed_fields()});
        static const std::vector<FieldPath> none;
        const FieldFilter filter(options_.all, none);
        const auto hidden = filter.hide(before.value, after.value, event.object_kind);
        event.changes = cluster::changes(
            before.value, after.value, cluster::schema_of(after.item->key.type, event.api_version));
        const auto companions = filter.drop_companions(event.changes);
        auto detail = detail_of(event.object_kind, event.changes);
        if (!detail.empty()) event.detail = std::move(detail);
        return options_.all || !event.changes.fields.empty();
    }

    bool compare_raw(const State& before, const State& after, Event& event) const {
        if (event.key == "compact_rev_key" && !options_.all) return false;
        if (event.verb != Verb::updated) return true;
        const RawValues raw(options_.show_secrets, true, shared_.redactor);
        event.changes = raw.changes(*before.row, *after.row, options_.all);
        return options_.all || !event.changes.fields.empty();
    }

    void tell_with_last_state(const State& before, Event& event) const {
        const bool is_gone = event.verb == Verb::deleted || event.verb == Verb::expired;
        kube::Document document;
        Value value;
        const auto wanted = options_.last_state;
        if (is_gone && wanted != TimelineOptions::LastState::not_told && before.is_told()) {
            const auto& object = *before.readable();
            event.is_secret = !options_.show_secrets && cluster::Redactor::is_secret(object);
            auto shown = presenter_.value(object, document);
            if (shown) value = std::move(*shown);
            if (shown) event.last_state = &value;
            if (!shown) event.problem = shown.error().message;
            if (shown && wanted == TimelineOptions::LastState::manifest)
                clean(object, value, document);
        }
        shared_.take(event);
    }

    static void clean(const Object& object, Value& value, kube::Document& document) {
        auto subject = cluster::subject_of(object, value, document);
        for (const auto& rule : cluster::cleaning_rules()) rule.clean(subject);
    }

    TimelineSource source_;
    const Shared& shared_;
    const TimelineOptions& options_;
    cluster::KeyFilter selected_;
    cluster::Presenter presenter_;
    std::set<std::int64_t> leases_;  ///< that the file still has
};

Result<std::vector<timeline::Span>> spans_of(const std::vector<TimelineSource>& sources) {
    std::vector<timeline::Span> spans;
    for (const auto& source : sources) {
        SALVOR_TRY(const auto bounds, timeline::bounds(source.cluster->db()));
        spans.push_back({std::max<std::int64_t>(bounds.compacted, 0), bounds.current});
    }
    return spans;
}

}  // namespace

Bytes verb_name(Verb verb) {
    switch (verb) {
        case Verb::created: return "created";
        case Verb::updated: return "updated";
        case Verb::deleted: return "deleted";
        case Verb::expired: return "expired";
    }
    return "";
}

Result<void> tell_timeline(const std::vector<TimelineSource>& sources,
                           const TimelineOptions& options,
                           const std::function<void(const Event&)>& take,
                           const std::function<void(const Gap&)>& take_gap) {
    SALVOR_TRY(const auto spans, spans_of(sources));
    const Shared shared{options, cluster::Redactor(cluster::Redactor::Equality::shown), take};
    const TimelineSource* older = nullptr;
    for (const auto& stretch : timeline::stretches(spans)) {
        const auto& source = sources[stretch.span];
        const bool is_asked_for = stretch.to >= options.first && stretch.from < options.last;
        Teller teller(source, shared);
        SALVOR_CHECK(teller.read_leases());
        if (stretch.is_whole) {
            if (is_asked_for) SALVOR_CHECK(teller.tell_whole(stretch.from, stretch.to));
        } else if (is_asked_for) {
            take_gap({stretch.from, stretch.to, older != nullptr});
            if (older) SALVOR_CHECK(teller.tell_net(*older, stretch.from, stretch.to));
        }
        older = &source;
    }
    return {};
}

}  // namespace salvor::diff
