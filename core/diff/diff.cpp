#include "core/diff/diff.hpp"

#include "core/cluster/key_filter.hpp"
#include "core/cluster/present.hpp"
#include "core/diff/field_filter.hpp"
#include "core/diff/noise.hpp"
#include "core/diff/raw_value.hpp"

namespace salvor::diff {
namespace {

using cluster::Object;
using kube::Value;

ChangeKind kind_of(bool before, bool after) {
    return !before ? ChangeKind::added : !after ? ChangeKind::removed : ChangeKind::changed;
}

/// An object's own rows of the summary.
std::string resource_of(const cluster::ObjectKey& key, const Object* object) {
    if (key.type)
        return key.type->plural.empty() ? std::string(key.type->key_prefix) : key.type->full_name();
    if (!object) return {};
    const auto group = kube::split_api_version(object->api_version()).group;
    return fmt::format("{}{}{}", object->kind(), group.empty() ? "" : ".", group);
}

}  // namespace

/// A side's row of one key, opened.
struct Comparison::Seen {
    const etcd::KeyValue* row = nullptr;
    std::optional<cluster::Item> item;
    std::optional<Result<Object>> object;

    const Object* readable() const { return object && *object ? &**object : nullptr; }
};

struct Comparison::Reading {
    kube::Document document;
    Value value;
};

Comparison::Comparison(const Side& before, const Side& after, const Options& options)
    : before_(before),
      after_(after),
      options_(options),
      redactor_(cluster::Redactor::Equality::shown) {}

Summary Comparison::run(const std::function<void(const Change&)>& take) {
    take_ = &take;
    summary_ = {};
    timeline::each_difference(*before_.state, *after_.state,
                              [&](const etcd::KeyValue* before, const etcd::KeyValue* after) {
                                  if (is_selected(before ? before->key : after->key))
                                      compare(before, after);
                                  return true;
                              });
    return std::move(summary_);
}

bool Comparison::is_selected(Bytes key) const {
    if (options_.selects_all) return true;
    if (!is_object_view()) return false;
    return cluster::KeyFilter(*before_.cluster, options_.query).holds(key) ||
           cluster::KeyFilter(*after_.cluster, options_.query).holds(key);
}

Comparison::Seen Comparison::look(const cluster::Cluster* cluster,
                                  const etcd::KeyValue* row) const {
    Seen seen{row, {}, {}};
    if (!row || !is_object_view()) return seen;
    seen.item = cluster->item(*row);
    if (seen.item) seen.object = cluster->open_object(*seen.item);
    return seen;
}

void Comparison::compare(const etcd::KeyValue* before, const etcd::KeyValue* after) {
    const auto old_side = look(before_.cluster, before);
    const auto new_side = look(after_.cluster, after);
    if (!old_side.item && !new_side.item) return compare_raw(before, after);
    if (labels_pass(old_side, new_side)) compare_objects(old_side, new_side);
}

bool Comparison::labels_pass(const Seen& before, const Seen& after) const {
    const auto& labels = options_.query.labels;
    if (labels.empty()) return true;
    const auto passes = [&](const Seen& seen) {
        if (!seen.readable()) return seen.row != nullptr;  // it cannot be told: it is shown
        const auto held = cluster::labels_hold(*seen.readable(), labels);
        return !held || *held;
    };
    return passes(before) || passes(after);
}

void Comparison::compare_objects(const Seen& before, const Seen& after) {
    const auto& seen = after.item ? after : before;
    const auto& key = seen.item->key;
    if (!options_.all) {
        if (const auto* rule = noise_rule(key)) {
            ++summary_.left_out[std::string(rule->name)];
            return;
        }
    }
    const auto* object = after.readable() ? after.readable() : before.readable();
    Change change;
    change.kind = kind_of(before.row != nullptr, after.row != nullptr);
    change.key = options_.show_secrets ? std::string(seen.row->key)
                                       : std::string(cluster::without_token(seen.row->key));
    change.resource = resource_of(key, object);
    change.namespace_name = key.namespace_name;
    change.name = object && !options_.show_secrets ? redactor_.name(*object) : key.name;
    if (object) change.api_version = object->api_version();
    if (object) change.object_kind = object->kind();
    if (!object && key.type) change.object_kind = key.type->kind;
    if (before.row) change.old_revision = before.row->mod_revision;
    if (after.row) change.new_revision = after.row->mod_revision;
    for (const auto* one : {&before, &after}) {
        if (one->object && !*one->object) change.problem = one->object->error().message;
    }
    change.recreated = options_.one_lineage && before.row && after.row &&
                       before.row->create_revision != after.row->create_revision;
    if (change.kind != ChangeKind::changed || tell_fields(before, after, change)) tell(change);
}

/// False: nothing is left to be told.
bool Comparison::tell_fields(const Seen& before, const Seen& after, Change& change) {
    if (!change.problem.empty()) {
        if (before.row->value != after.row->value || options_.all) return true;
        ++summary_.left_out[rewritten_rule];
        return false;
    }
    if (!options_.all && before.row->value == after.row->value) {
        ++summary_.left_out[rewritten_rule];
        return false;
    }
    Reading old_reading, new_reading;
    auto read_both = read(before, old_reading);
    if (read_both) read_both = read(after, new_reading);
    if (!read_both) {
        change.problem = read_both.error().message;
        return true;
    }
    const FieldFilter filter(options_.all, options_.ignored);
    auto hidden = filter.hide(old_reading.value, new_reading.value, change.object_kind);
    const auto& type = after.item->key.type;
    change.fields = cluster::changes(old_reading.value, new_reading.value,
                                     cluster::schema_of(type, after.readable()->api_version()));
    hidden.merge(filter.drop_companions(change.fields));
    count(hidden);
    if (change.fields.fields.empty() && !options_.all) return false;
    // The values are told while both readings live.
    tell(change);
    return false;
}

Result<void> Comparison::read(const Seen& seen, Reading& reading) const {
    const auto& object = *seen.readable();
    SALVOR_TRY(reading.value, object.value_tree(reading.document, {true, true}));
    if (!options_.show_secrets) redactor_.redact(object, reading.value, reading.document);
    return {};
}

void Comparison::count(const Hidden& hidden) {
    for (const auto& rule : hidden) {
        if (rule == ignored_rule) {
            ++summary_.ignored;
        } else {
            ++summary_.left_out[rule];
        }
    }
}

void Comparison::compare_raw(const etcd::KeyValue* before, const etcd::KeyValue* after) {
    const auto& row = after ? *after : *before;
    if (!options_.all && is_object_view() && row.key == "compact_rev_key") {
        ++summary_.left_out["apiserver"];
        return;
    }
    Change change;
    change.kind = kind_of(before != nullptr, after != nullptr);
    change.key = row.key;
    if (before) change.old_revision = before->mod_revision;
    if (after) change.new_revision = after->mod_revision;
    if (change.kind == ChangeKind::changed) {
        const RawValues raw(options_.show_secrets, is_object_view(), redactor_);
        change.recreated =
            options_.one_lineage && before->create_revision != after->create_revision;
        change.fields = raw.changes(*before, *after, options_.all);
        if (change.fields.fields.empty() && !options_.all) {
            ++summary_.left_out[rewritten_rule];
            return;
        }
    }
    tell(change);
}

void Comparison::tell(const Change& change) {
    summary_.all.count(change.kind);
    summary_.by_resource[change.resource].count(change.kind);
    summary_.by_namespace[change.namespace_name].count(change.kind);
    if (!change.problem.empty()) ++summary_.unreadable;
    (*take_)(change);
}

}  // namespace salvor::diff
