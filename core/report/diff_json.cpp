#include "core/diff/noise.hpp"
#include "core/report/diff.hpp"
#include "core/report/field_changes.hpp"
#include "core/report/json_items.hpp"

namespace salvor::report {
namespace {

using diff::Change;
using diff::ChangeKind;
using text::JsonWriter;

void tell_side(JsonWriter& json, Bytes name, const DiffSide& side) {
    json.key(name);
    json.begin_object();
    tell_text(json, "source", side.source);
    if (side.revision > 0) tell_number(json, "revision", side.revision);
    json.end_object();
}

void tell_lineage(JsonWriter& json, const diff::Lineage& lineage) {
    json.key("lineage");
    json.begin_object();
    json.key("same");
    if (lineage.kind == diff::Lineage::Kind::unknown) {
        json.null();
    } else {
        json.boolean(lineage.kind == diff::Lineage::Kind::one);
    }
    if (lineage.parted_at) tell_number(json, "partedAt", *lineage.parted_at);
    if (!lineage.words.empty()) tell_text(json, "words", lineage.words);
    json.end_object();
}

void tell_tallies(JsonWriter& json, Bytes list, Bytes name,
                  const std::map<std::string, diff::Tally>& tallies) {
    json.key(list);
    json.begin_array();
    for (const auto& [subject, tally] : tallies) {
        json.begin_object();
        if (!subject.empty()) tell_text(json, name, subject);
        tell_number(json, "added", tally.added);
        tell_number(json, "removed", tally.removed);
        tell_number(json, "changed", tally.changed);
        json.end_object();
    }
    json.end_array();
}

Bytes change_name(ChangeKind kind) {
    return kind == ChangeKind::added     ? "added"
           : kind == ChangeKind::removed ? "removed"
                                         : "changed";
}

class JsonDiff : public DiffPrinter {
 public:
    JsonDiff(const DiffHead& head, TextSink sink)
        : items_(JsonItems::As::document, std::move(sink)) {
        json_.begin_object();
        tell_side(json_, "old", head.before);
        tell_side(json_, "new", head.after);
        tell_lineage(json_, head.lineage);
        json_.key("changes");
        json_.begin_array();
    }

    void add(const Change& change) override {
        items_.begin();
        tell_text(json_, "change", change_name(change.kind));
        tell_text(json_, "key", change.key);
        if (!change.object_kind.empty()) tell_object(change);
        if (change.old_revision > 0) tell_number(json_, "oldRevision", change.old_revision);
        if (change.new_revision > 0) tell_number(json_, "newRevision", change.new_revision);
        if (change.recreated) {
            json_.key("recreated");
            json_.boolean(true);
        }
        json_.key("fields");
        tell_fields(json_, change.fields);
        if (!change.problem.empty()) tell_text(json_, "problem", change.problem);
        items_.end();
    }

    void finish(const diff::Summary& summary) override {
        json_.end_array();
        tell_number(json_, "added", summary.all.added);
        tell_number(json_, "removed", summary.all.removed);
        tell_number(json_, "changed", summary.all.changed);
        tell_number(json_, "unreadable", summary.unreadable);
        tell_tallies(json_, "byKind", "resource", summary.by_resource);
        tell_tallies(json_, "byNamespace", "namespace", summary.by_namespace);
        json_.key("leftOut");
        json_.begin_array();
        for (const auto& [rule, objects] : summary.left_out) {
            json_.begin_object();
            tell_text(json_, "rule", rule);
            tell_number(json_, "objects", objects);
            json_.end_object();
        }
        json_.end_array();
        tell_number(json_, "ignored", summary.ignored);
        json_.end_object();
        items_.finish();
    }

 private:
    void tell_object(const Change& change) {
        if (!change.api_version.empty()) tell_text(json_, "apiVersion", change.api_version);
        tell_text(json_, "kind", change.object_kind);
        tell_text(json_, "resource", change.resource);
        if (!change.namespace_name.empty()) tell_text(json_, "namespace", change.namespace_name);
        tell_text(json_, "name", change.name);
    }

    JsonItems items_;
    kube::JsonSink& json_ = items_.json();
};

}  // namespace

std::unique_ptr<DiffPrinter> diff_json(const DiffHead& head, TextSink sink) {
    return std::make_unique<JsonDiff>(head, std::move(sink));
}

}  // namespace salvor::report
