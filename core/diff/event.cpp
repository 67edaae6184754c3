#include "core/diff/event.hpp"

#include <algorithm>
#include <set>

#include "core/cluster/export/cleaning.hpp"
#include "core/cluster/key_filter.hpp"
#include "core/cluster/own_time.hpp"
#include "core/cluster/present.hpp"
#include "core/diff/event_detail.hpp"
#include "core/diff/field_filter.hpp"
#include "core/diff/noise.hpp"
#include "core/diff/raw_value.hpp"
#include "core/diff/step.hpp"
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
    std::span<const timeline::Carved> carved;
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
        auto carved = carved_within(shared_.carved, from, to);
        SALVOR_CHECK(timeline::walk_key_values(
            db, [&](const timeline::Row& row, timeline::RowPosition position,
                    const etcd::KeyValue& kv) {
                const auto main = row.row_key.revision.main;
                if (main > std::min(to, options_.last)) return false;
                if (main < timeline::first_revision || kv.key.empty()) return true;
                while (!carved.empty() && carved.front().main() < main) {
                    tell_carved(carved.front(), table.look_up(carved.front().kv.key));
                    carved = carved.subspan(1);
                }
                auto place = table.find(kv.key);
                const auto before = place.note();
                place.put({position, !row.row_key.tombstone});
                if (main <= from || main < options_.first || !is_selected(kv.key)) return true;
                std::optional<etcd::KeyValue> old;
                if (before && before->live) old = timeline::key_value_at(db, before->row);
                std::optional<etcd::KeyValue> now;
                if (!row.row_key.tombstone) now = kv;
                tell(step_of(main, {}, old, now));
                return true;
            }));
        for (const auto& row : carved) tell_carved(row, table.look_up(row.kv.key));
        return {};
    }

    /// What was carved of revisions behind the last that any file has.
    void tell_beyond(std::int64_t head) {
        for (const auto& row : carved_within(shared_.carved, head, INT64_MAX)) tell_carved(row, {});
    }

    /// What the revisions behind `from` up to `to` came to, where `older` is a file that has
    /// `from`; and what was carved of them.
    Result<void> tell_dark(const TimelineSource* older, std::int64_t from, std::int64_t to) {
        const auto keep = [&](Bytes key) { return is_selected(key); };
        const Dark dark{older ? &older->cluster->db() : nullptr, source_.cluster->db(), from, to};
        SALVOR_TRY(auto steps, carved_steps(dark, shared_.carved, keep));
        if (older) SALVOR_CHECK(add_net(dark, keep, steps));
        std::stable_sort(steps.begin(), steps.end(),
                         [](const Step& a, const Step& b) { return a.revision < b.revision; });
        for (const auto& step : steps) tell(step);
        return {};
    }

 private:
    static Step step_of(std::int64_t revision, std::optional<std::int64_t> net_after,
                        const std::optional<etcd::KeyValue>& before,
                        const std::optional<etcd::KeyValue>& now) {
        return {revision, net_after, before, now, before && now};
    }

    /// Of the keys of which nothing was carved.
    static Result<void> add_net(const Dark& dark, const std::function<bool(Bytes)>& keep,
                                std::vector<Step>& steps) {
        std::set<Bytes> told;
        for (const auto& step : steps) told.insert((step.now ? step.now : step.before)->key);
        SALVOR_TRY(const auto before, timeline::range(*dark.older, dark.from, keep));
        SALVOR_TRY(const auto after, timeline::range(dark.newer, dark.to, keep));
        const auto take = [&](const etcd::KeyValue* old, const etcd::KeyValue* now) {
            if (told.contains((now ? now : old)->key)) return true;
            const auto copy = [](const etcd::KeyValue* kv) {
                return kv ? std::optional(*kv) : std::nullopt;
            };
            steps.push_back(
                step_of(now ? now->mod_revision : dark.to, dark.from, copy(old), copy(now)));
            return true;
        };
        timeline::each_difference(before, after, take);
        return {};
    }

    /// One that contradicts what the file has, or is behind it: compared only where it follows.
    void tell_carved(const timeline::Carved& row, const std::optional<KeyTable::Note>& before) {
        if (!is_selected(row.kv.key)) return;
        Step step{.revision = row.main(), .is_update = row.kv.version != 1, .carved = &row};
        if (before && before->live)
            step.before = timeline::key_value_at(source_.cluster->db(), before->row);
        if (row.row_key.tombstone) {
            step.before_read = step.before.has_value();
            if (!step.before) step.before = row.kv;
        } else {
            step.now = row.kv;
            step.now_read = row.whole;
            if (step.before && step.before->version + 1 != row.kv.version) step.before.reset();
        }
        tell(step);
    }

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

    void tell(const Step& step) {
        const auto& [revision, net_after, old, now, is_update, carved, before_read, now_read] =
            step;
        if (revision < options_.first || revision > options_.last) return;
        const auto verb = verb_of(step);
        const auto& verbs = options_.verbs;
        if (!verbs.empty() && std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return;
        if ((now || old) && is_noise(now ? *now : *old)) return;
        State before, after;
        open(old, before_read, before);
        open(now, now_read, after);
        Event event;
        event.revision = revision;
        event.net_after = net_after;
        event.verb = verb;
        event.carved = carved;
        event.from_unknown = is_update && now && !(old && before_read);
        if (!describe(before, after, event) || !security_passes(before, after, event) ||
            !compare(before, after, event))
            return;
        if (!options_.manager.empty() &&
            std::none_of(event.writers.begin(), event.writers.end(),
                         [&](const auto& writer) { return writer.manager == options_.manager; }))
            return;
        event.time = source_.times->time_of(revision);
        if (carved) event.time = cluster::with_own_time(event.time, *source_.cluster, carved->kv);
        if (!is_in_time(event.time)) return;
        tell_with_last_state(before, event);
    }

    /// Told by the key, before the object is opened.
    bool is_noise(const etcd::KeyValue& row) const {
        if (options_.all) return false;
        const auto item = source_.cluster->item(row);
        return item && noise_rule(item->key);
    }

    Verb verb_of(const Step& step) const {
        if (step.now) return step.is_update ? Verb::updated : Verb::created;
        return step.before && step.before->lease != 0 && !leases_.contains(step.before->lease)
                   ? Verb::expired
                   : Verb::deleted;
    }

    void open(const std::optional<etcd::KeyValue>& row, bool is_read, State& state) const {
        state.row = row;
        if (!row) return;
        state.item = source_.cluster->item(*row);
        if (!state.item || !is_read) return;
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
        if (!object && event.key.size() < state.row->key.size())
            event.name = shared_.redactor.in_place_of(key.name);
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
        if (!before.is_told() || !after.is_told()) {
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
        if (event.verb != Verb::updated || event.from_unknown) return true;
        if (event.carved && !event.carved->whole) return true;
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
                           const std::vector<timeline::Carved>& carved,
                           const TimelineOptions& options,
                           const std::function<void(const Event&)>& take,
                           const std::function<void(const Gap&)>& take_gap) {
    SALVOR_TRY(const auto spans, spans_of(sources));
    const Shared shared{options, carved, cluster::Redactor(cluster::Redactor::Equality::shown),
                        take};
    const TimelineSource* older = nullptr;
    std::int64_t told = 0;
    for (const auto& stretch : timeline::stretches(spans)) {
        const auto& source = sources[stretch.span];
        const bool is_asked_for = stretch.to >= options.first && stretch.from < options.last;
        Teller teller(source, shared);
        SALVOR_CHECK(teller.read_leases());
        if (stretch.is_whole) {
            if (is_asked_for) SALVOR_CHECK(teller.tell_whole(stretch.from, stretch.to));
        } else if (is_asked_for) {
            const bool any = !carved_within(carved, stretch.from, stretch.to).empty();
            take_gap({stretch.from, stretch.to, older != nullptr, any});
            if (older || any) SALVOR_CHECK(teller.tell_dark(older, stretch.from, stretch.to));
        }
        older = &source;
        told = stretch.to;
    }
    if (carved_within(carved, told, INT64_MAX).empty()) return {};
    Teller teller(*(older ? older : &sources.front()), shared);
    SALVOR_CHECK(teller.read_leases());
    teller.tell_beyond(told);
    return {};
}

}  // namespace salvor::diff
