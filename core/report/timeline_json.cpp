#include "core/report/carved.hpp"
#include "core/report/field_changes.hpp"
#include "core/report/history.hpp"
#include "core/report/json_items.hpp"
#include "core/report/timeline.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using diff::Event;

class JsonTimeline : public TimelinePrinter {
 public:
    JsonTimeline(TimelineFormat format, TextSink sink)
        : items_(format == TimelineFormat::json ? JsonItems::As::document : JsonItems::As::lines,
                 std::move(sink)) {
        if (!items_.is_document()) return;
        json_.begin_object();
        json_.key("events");
        json_.begin_array();
    }

    void add(const Event& event) override {
        items_.begin();
        number("revision", event.revision);
        if (event.net_after) number("netAfter", *event.net_after);
        if (event.carved) tell_carved(json_, *event.carved);
        text("verb", diff::verb_name(event.verb));
        if (event.from_unknown) {
            json_.key("fromUnknown");
            json_.boolean(true);
        }
        if (!event.detail.empty()) text("detail", event.detail);
        tell_object(event);
        tell_time(event);
        tell_writers(event);
        json_.key("changes");
        tell_fields(json_, event.changes);
        if (event.last_state) {
            json_.key("lastState");
            kube::tell(*event.last_state, json_);
        }
        if (!event.problem.empty()) text("problem", event.problem);
        text("message", event_words(event));
        items_.end();
    }

    void add(const diff::Gap& gap) override {
        items_.begin();
        number("revision", gap.upto);
        text("verb", "compacted");
        number("netAfter", gap.after);
        json_.key("tellsNet");
        json_.boolean(gap.tells_net);
        if (gap.tells_carved) {
            json_.key("tellsCarved");
            json_.boolean(true);
        }
        text("timestamp_desc", "compaction");
        text("message", fmt::format("revisions {} to {} are in no file", gap.after + 1, gap.upto));
        items_.end();
    }

    void finish() override { items_.finish_list(); }

 private:
    void text(Bytes name, Bytes value) { tell_text(json_, name, value); }
    void number(Bytes name, std::int64_t value) { tell_number(json_, name, value); }

    void tell_object(const Event& event) {
        text("key", event.key);
        if (event.resource.empty()) return;
        if (!event.api_version.empty()) text("apiVersion", event.api_version);
        text("kind", event.object_kind);
        text("resource", event.resource);
        if (!event.namespace_name.empty()) text("namespace", event.namespace_name);
        text("name", event.name);
    }

    /// Timesketch reads `datetime` and `timestamp_desc`.
    void tell_time(const Event& event) {
        const auto best = event.time ? event.time->best() : std::nullopt;
        text("timestamp_desc", diff::verb_name(event.verb));
        if (event.time && event.time->not_after)
            text("notAfter", text::rfc3339(event.time->not_after->seconds));
        if (!best) return;
        text("time", text::rfc3339(*best));
        text("timeFrom", event.time->at ? time_source_name(event.time->at->source) : "notBefore");
        text("datetime", text::rfc3339(*best));
    }

    void tell_writers(const Event& event) {
        std::string managers;
        for (const auto& writer : event.writers)
            managers += (managers.empty() ? "" : ",") + writer.manager;
        if (!managers.empty()) text("manager", managers);
    }

    JsonItems items_;
    kube::JsonSink& json_ = items_.json();
};

}  // namespace

std::unique_ptr<TimelinePrinter> timeline_json(TimelineFormat format, TextSink sink) {
    return std::make_unique<JsonTimeline>(format, std::move(sink));
}

}  // namespace salvor::report
