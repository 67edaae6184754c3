#include "core/diff/drift.hpp"

#include <algorithm>

#include "core/cluster/export/exporter.hpp"
#include "core/diff/noise.hpp"
#include "core/diff/overlay.hpp"
#include "formats/kube/special.hpp"

namespace salvor::diff {
namespace {

using cluster::Object;
using kube::Value;

/// A Secret's stringData is what its data is to be. Source: kubernetes api core/v1/types.go
void take_string_data(Value& manifest, kube::Document& document) {
    const auto* texts = manifest.find("stringData");
    if (!texts || manifest.text("kind") != "Secret") return;
    auto* data = manifest.find("data");
    auto& into = data && data->is_object() ? *data : manifest.set("data", Value::object());
    const auto stated = *manifest.find("stringData");
    for (const auto& member : stated.members)
        into.set(member.name, Value::of(document.keep(kube::base64(member.value.string))));
    manifest.erase("stringData");
}

bool labels_hold(const Value& manifest, const cluster::Requirements& wanted) {
    const auto* labels = manifest.at({"metadata", "labels"});
    return std::all_of(wanted.begin(), wanted.end(), [&](const cluster::Requirement& each) {
        const auto* label = labels ? labels->find(each.key) : nullptr;
        return each.holds(label ? std::optional<Bytes>(label->string) : std::nullopt);
    });
}

}  // namespace

/// A manifest's own words, and the key that its object has.
struct Drift::Named {
    Bytes api_version, kind, name;
    std::string namespace_name;
    const cluster::ResourceType* type = nullptr;  ///< nullptr: the snapshot has no such kind
    std::string key;
};

Drift::Drift(const cluster::Cluster& cluster, const Manifests& manifests, const Options& options)
    : cluster_(cluster),
      manifests_(manifests),
      options_(options),
      selected_(cluster, options.comparison.query),
      redactor_(cluster::Redactor::Equality::shown) {}

Result<Summary> Drift::run(const std::function<void(const Change&)>& take) {
    take_ = &take;
    for (const auto& manifest : manifests_.objects()) compare(manifest);
    if (options_.prune) SALVOR_CHECK(tell_left_over());
    return std::move(summary_);
}

Drift::Named Drift::name(const Value& manifest) const {
    Named named;
    named.api_version = manifest.text("apiVersion");
    named.kind = manifest.text("kind");
    named.name = manifest.find("metadata")->text("name");
    named.namespace_name = manifest.find("metadata")->text("namespace");
    const auto group = kube::split_api_version(named.api_version).group;
    named.type = cluster_.catalog().of_kind(group, named.kind);
    if (!named.type) return named;
    if (!named.type->namespaced) named.namespace_name.clear();
    if (named.type->namespaced && named.namespace_name.empty())
        named.namespace_name = options_.namespace_name;
    const auto below = fmt::format("/{}/{}{}{}", named.type->key_prefix, named.namespace_name,
                                   named.type->namespaced ? "/" : "", named.name);
    for (const auto& prefix : cluster_.registry().prefixes()) {
        if (named.key.empty() || find(prefix + below)) named.key = prefix + below;
    }
    return named;
}

std::optional<etcd::KeyValue> Drift::find(const std::string& key) const {
    const auto& noted = cluster_.noted();
    const auto at = noted.lower_bound(key);
    if (at == noted.size() || noted.key(at) != key) return {};
    return noted[at];
}

bool Drift::is_selected(const Named& named, const Value& manifest, const Object* object) const {
    const auto& wanted = options_.comparison;
    if (wanted.selects_all) return true;
    if (!selected_.holds(named.key)) return false;
    if (labels_hold(manifest, wanted.query.labels)) return true;
    const auto held =
        object ? cluster::labels_hold(*object, wanted.query.labels) : Result<bool>(false);
    return held && *held;
}

void Drift::compare(const Value& manifest) {
    const auto named = name(manifest);
    const auto row = find(named.key);
    const auto item = row ? cluster_.item(*row) : std::nullopt;
    const auto object = item ? std::optional(cluster_.open_object(*item)) : std::nullopt;
    const auto* readable = object && *object ? &**object : nullptr;
    if (!is_selected(named, manifest, readable)) return;
    keys_.insert(named.key);
    Change change;
    change.kind = row ? ChangeKind::changed : ChangeKind::added;
    change.key = named.key;
    change.api_version = named.api_version;
    change.object_kind = named.kind;
    change.resource = named.type ? named.type->full_name() : std::string(named.kind);
    change.namespace_name = named.namespace_name;
    change.name = named.name;
    if (!named.type)
        change.problem = "the snapshot has no resource of this kind";
    else if (object && !readable)
        change.problem = object->error().message;
    if (row) change.old_revision = row->mod_revision;
    if (item && !options_.comparison.all) {
        if (const auto* rule = noise_rule(item->key)) {
            ++summary_.left_out[std::string(rule->name)];
            return;
        }
    }
    if (!readable) return tell(change);
    compare_fields(named, *readable, manifest, change);
}

void Drift::compare_fields(const Named& named, const Object& object, const Value& manifest,
                           Change& change) {
    const auto& wanted = options_.comparison;
    kube::Document document;
    auto live = presenter(named).value(object, document);
    if (!live) {
        change.problem = live.error().message;
        return tell(change);
    }
    auto stated = manifest;
    take_string_data(stated, document);
    const auto* schema = cluster::schema_of(named.type, named.api_version);
    auto applied = overlaid(*live, stated, schema);
    const FieldFilter filter(wanted.all, wanted.ignored);
    auto hidden = filter.hide(*live, applied, change.object_kind);
    if (!wanted.show_secrets) {
        redactor_.redact(object, *live, document);
        redactor_.redact(object, applied, document);
    }
    change.fields = cluster::changes(*live, applied, schema);
    hidden.merge(filter.drop_companions(change.fields));
    for (const auto& rule : hidden)
        ++(rule == ignored_rule ? summary_.ignored : summary_.left_out[rule]);
    if (!change.fields.fields.empty()) tell(change);
}

const cluster::Presenter& Drift::presenter(const Named& named) {
    auto& found = presenters_[fmt::format("{} {}", named.api_version, named.kind)];
    if (!found) {
        cluster::Presenter::Options options;
        options.managed_fields = options_.comparison.all;
        options.show_secrets = true;  // both sides are redacted once they were compared
        options.as_served = true;
        options.asked = {{named.type, std::string(named.api_version)}};
        found = std::make_unique<cluster::Presenter>(cluster_, options);
    }
    return *found;
}

Result<void> Drift::tell_left_over() {
    std::set<std::pair<const cluster::ResourceType*, std::string>> places;
    for (const auto& manifest : manifests_.objects()) {
        const auto named = name(manifest);
        places.emplace(named.type, named.namespace_name);
    }
    SALVOR_TRY(const auto exporter, cluster::Exporter::of(cluster_, {false, true, {}}));
    cluster::ExportCounts counts;
    const auto& noted = cluster_.noted();
    for (std::size_t i = 0; i < noted.size(); ++i) {
        const auto row = noted[i];
        const auto item = cluster_.item(row);
        if (!item || !item->key.type || keys_.contains(row.key) ||
            !places.contains({item->key.type, std::string(item->key.namespace_name)}) ||
            (!options_.comparison.selects_all && !selected_.holds(row.key)))
            continue;
        const auto take = [&](const cluster::Exporter::Manifest& manifest) {
            if (!labels_hold(manifest.value, options_.comparison.query.labels))
                return Result<void>{};
            Change change;
            change.kind = ChangeKind::removed;
            change.key = cluster::without_token(row.key);
            change.api_version = manifest.value.text("apiVersion");
            change.object_kind = manifest.value.text("kind");
            change.resource = manifest.resource;
            change.namespace_name = manifest.namespace_name;
            change.name = manifest.name;
            change.old_revision = row.mod_revision;
            tell(change);
            return Result<void>{};
        };
        SALVOR_CHECK(exporter.run_one(
            cluster::Candidate(cluster_, *item), take, [](Bytes, const std::string&) {}, counts));
    }
    summary_.unreadable += counts.failed;
    return {};
}

void Drift::tell(const Change& change) {
    summary_.all.count(change.kind);
    summary_.by_resource[change.resource].count(change.kind);
    summary_.by_namespace[change.namespace_name].count(change.kind);
    if (!change.problem.empty() && change.kind == ChangeKind::changed) ++summary_.unreadable;
    (*take_)(change);
}

}  // namespace salvor::diff
