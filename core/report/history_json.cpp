#include "core/report/carved.hpp"
#include "core/report/field_changes.hpp"
#include "core/report/history.hpp"
#include "core/report/json_items.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using cluster::HistoryEntry;
using text::JsonWriter;

Bytes event_name(cluster::HistoryEvent event) {
    switch (event) {
        case cluster::HistoryEvent::oldest_kept: return "oldestKept";
        case cluster::HistoryEvent::created: return "created";
        case cluster::HistoryEvent::changed: return "changed";
        case cluster::HistoryEvent::deleted: return "deleted";
        case cluster::HistoryEvent::recreated: return "recreated";
    }
    return "";
}

void tell_evidence(JsonWriter& json, Bytes name,
                   const std::optional<cluster::TimeEvidence>& evidence) {
    if (!evidence) return;
    json.key(name);
    json.begin_object();
    tell_text(json, "time", text::rfc3339(evidence->seconds));
    tell_text(json, "source", time_source_name(evidence->source));
    tell_text(json, "key", evidence->key);
    tell_number(json, "revision", evidence->revision);
    json.end_object();
}

void tell_time(JsonWriter& json, const HistoryEntry& entry) {
    json.key("time");
    if (!entry.time) return json.null();
    json.begin_object();
    tell_evidence(json, "at", entry.time->at);
    tell_evidence(json, "notBefore", entry.time->not_before);
    tell_evidence(json, "notAfter", entry.time->not_after);
    json.end_object();
}

void tell_writers(JsonWriter& json, const HistoryEntry& entry) {
    json.key("writers");
    json.begin_array();
    for (const auto& writer : entry.writers) {
        json.begin_object();
        tell_text(json, "manager", writer.manager);
        tell_text(json, "operation", writer.operation);
        if (!writer.subresource.empty()) tell_text(json, "subresource", writer.subresource);
        if (!writer.time.empty()) tell_text(json, "time", writer.time);
        json.end_object();
    }
    json.end_array();
}

class JsonHistory : public HistoryPrinter {
 public:
    JsonHistory(const cluster::History& history, HistoryFormat format, TextSink sink)
        : history_(history),
          items_(format == HistoryFormat::json ? JsonItems::As::document : JsonItems::As::lines,
                 std::move(sink)) {
        if (!items_.is_document()) return;
        json_.begin_object();
        tell_subject();
        json_.key("compactedRevision");
        history.compacted() < 0 ? json_.null() : json_.integer(history.compacted());
        tell_number(json_, "lostVersions", history.lost_versions());
        if (history.carved() > 0)
            tell_number(json_, "carvedRevisions", static_cast<std::int64_t>(history.carved()));
        tell_gaps();
        json_.key("revisions");
        json_.begin_array();
    }

    void add(const HistoryEntry& entry) override {
        items_.begin();
        if (!items_.is_document()) tell_subject();
        tell_number(json_, "revision", entry.revision);
        if (entry.net_after) tell_number(json_, "netAfter", *entry.net_after);
        if (entry.carved) tell_carved(json_, *entry.carved);
        tell_text(json_, "event", event_name(entry.event));
        if (entry.version > 0) {
            tell_number(json_, "version", entry.version);
            tell_number(json_, "createRevision", entry.create_revision);
        }
        if (entry.lost_writes > 0) tell_number(json_, "lostWrites", entry.lost_writes);
        tell_time(json_, entry);
        tell_writers(json_, entry);
        tell_changes(entry);
        if (!entry.problem.empty()) tell_text(json_, "problem", entry.problem);
        items_.end();
    }

    void finish() override { items_.finish_list(); }

 private:
    void tell_subject() {
        const auto key = history_.object_key();
        tell_text(json_, "key", history_.key());
        if (key.type) tell_text(json_, "resource", key.type->full_name());
        if (!key.namespace_name.empty()) tell_text(json_, "namespace", key.namespace_name);
        tell_text(json_, "name", key.name);
    }

    void tell_gaps() {
        if (history_.gaps().empty()) return;
        json_.key("gaps");
        json_.begin_array();
        for (const auto& gap : history_.gaps()) {
            json_.begin_object();
            tell_number(json_, "after", gap.from);
            tell_number(json_, "upto", gap.to);
            json_.end_object();
        }
        json_.end_array();
    }

    void tell_changes(const HistoryEntry& entry) {
        json_.key("comparedTo");
        if (entry.compared_to == 0) {
            json_.null();
        } else {
            json_.integer(entry.compared_to);
        }
        json_.key("changes");
        tell_fields(json_, entry.changes);
    }

    const cluster::History& history_;
    JsonItems items_;
    kube::JsonSink& json_ = items_.json();
};

}  // namespace

std::unique_ptr<HistoryPrinter> history_json(const cluster::History& history, HistoryFormat format,
                                             TextSink sink) {
    return std::make_unique<JsonHistory>(history, format, std::move(sink));
}

std::unique_ptr<HistoryPrinter> history_printer(const cluster::History& history,
                                                HistoryFormat format, TextSink sink) {
    if (format == HistoryFormat::text) return history_text(history, std::move(sink));
    return history_json(history, format, std::move(sink));
}

Bytes time_source_name(cluster::TimeSource source) {
    switch (source) {
        case cluster::TimeSource::created: return "creationTimestamp";
        case cluster::TimeSource::managed_fields: return "managedFields";
        case cluster::TimeSource::deletion_asked: return "deletionTimestamp";
        case cluster::TimeSource::reported: return "reported";
    }
    return "";
}

std::string told(const cluster::TimeEvidence& evidence) {
    return fmt::format("{} by {}", text::rfc3339(evidence.seconds), text::Escaped{evidence.text()});
}

}  // namespace salvor::report
