#include "core/diff/noise.hpp"
#include "core/report/diff.hpp"
#include "core/report/field_changes.hpp"

namespace salvor::report {
namespace {

using diff::Change;
using diff::ChangeKind;
using text::JsonWriter;

constexpr std::size_t full = 1 << 18;  ///< of text in memory

void text_of(JsonWriter& json, Bytes name, Bytes text) {
    json.key(name);
    json.string(text);
}
void number_of(JsonWriter& json, Bytes name, std::uint64_t number) {
    json.key(name);
    json.unsigned_integer(number);
}

void tell_side(JsonWriter& json, Bytes name, const DiffSide& side) {
    json.key(name);
    json.begin_object();
    text_of(json, "source", side.source);
    if (side.revision > 0) number_of(json, "revision", static_cast<std::uint64_t>(side.revision));
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
    if (lineage.parted_at)
        number_of(json, "partedAt", static_cast<std::uint64_t>(*lineage.parted_at));
    if (!lineage.words.empty()) text_of(json, "words", lineage.words);
    json.end_object();
}

void tell_tallies(JsonWriter& json, Bytes list, Bytes name,
                  const std::map<std::string, diff::Tally>& tallies) {
    json.key(list);
    json.begin_array();
    for (const auto& [subject, tally] : tallies) {
        json.begin_object();
        if (!subject.empty()) text_of(json, name, subject);
        number_of(json, "added", tally.added);
        number_of(json, "removed", tally.removed);
        number_of(json, "changed", tally.changed);
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
    JsonDiff(const DiffHead& head, TextSink sink) : sink_(std::move(sink)) {
        json_.begin_object();
        tell_side(json_, "old", head.before);
        tell_side(json_, "new", head.after);
        tell_lineage(json_, head.lineage);
        json_.key("changes");
        json_.begin_array();
    }

    void add(const Change& change) override {
        json_.begin_object();
        text_of(json_, "change", change_name(change.kind));
        text_of(json_, "key", change.key);
        if (!change.object_kind.empty()) tell_object(change);
        if (change.old_revision > 0)
            number_of(json_, "oldRevision", static_cast<std::uint64_t>(change.old_revision));
        if (change.new_revision > 0)
            number_of(json_, "newRevision", static_cast<std::uint64_t>(change.new_revision));
        if (change.recreated) {
            json_.key("recreated");
            json_.boolean(true);
        }
        json_.key("fields");
        tell_fields(json_, change.fields);
        if (!change.problem.empty()) text_of(json_, "problem", change.problem);
        json_.end_object();
        json_.settle();
        if (text_.size() >= full) flush();
    }

    void finish(const diff::Summary& summary) override {
        json_.end_array();
        number_of(json_, "added", summary.all.added);
        number_of(json_, "removed", summary.all.removed);
        number_of(json_, "changed", summary.all.changed);
        number_of(json_, "unreadable", summary.unreadable);
        tell_tallies(json_, "byKind", "resource", summary.by_resource);
        tell_tallies(json_, "byNamespace", "namespace", summary.by_namespace);
        json_.key("leftOut");
        json_.begin_array();
        for (const auto& [rule, objects] : summary.left_out) {
            json_.begin_object();
            text_of(json_, "rule", rule);
            number_of(json_, "objects", objects);
            json_.end_object();
        }
        json_.end_array();
        number_of(json_, "ignored", summary.ignored);
        json_.end_object();
        text_ += '\n';
        flush();
    }

 private:
    void tell_object(const Change& change) {
        if (!change.api_version.empty()) text_of(json_, "apiVersion", change.api_version);
        text_of(json_, "kind", change.object_kind);
        text_of(json_, "resource", change.resource);
        if (!change.namespace_name.empty()) text_of(json_, "namespace", change.namespace_name);
        text_of(json_, "name", change.name);
    }
    void flush() {
        sink_(text_);
        text_.clear();
    }

    TextSink sink_;
    std::string text_;
    kube::JsonSink json_{text_};
};

}  // namespace

std::unique_ptr<DiffPrinter> diff_json(const DiffHead& head, TextSink sink) {
    return std::make_unique<JsonDiff>(head, std::move(sink));
}

}  // namespace salvor::report
