#include "core/report/carved.hpp"
#include "core/report/field_changes.hpp"
#include "core/report/timeline.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using diff::Event;
using text::Escaped;

constexpr std::size_t changes_shown = 3;
constexpr std::size_t value_shown = 60;

std::string short_words(const std::optional<kube::Value>& value) {
    if (!value) return "nothing";
    auto words = value_words(*value);
    if (words.size() <= value_shown) return words;
    auto end = value_shown;
    while (end > 0 && (words[end] & 0xC0) == 0x80) --end;
    return words.substr(0, end) + "...";
}

std::string subject(const Event& event) {
    if (event.resource.empty()) return fmt::format("key {}", Escaped{event.key});
    return fmt::format("{}/{}{}{}", Escaped{event.resource}, Escaped{event.name},
                       event.namespace_name.empty() ? "" : " in namespace ",
                       Escaped{event.namespace_name});
}

std::string changes_words(const cluster::Changes& changes) {
    std::string words;
    std::size_t told = 0;
    for (const auto& change : changes.fields) {
        if (told == changes_shown) break;
        words += fmt::format("{}{} {} -> {}", told++ == 0 ? ": " : "; ", Escaped{change.path},
                             short_words(change.before), short_words(change.after));
    }
    if (changes.fields.size() > told)
        words += fmt::format("; and {} more", changes.fields.size() - told);
    return words;
}

std::string writer_words(const Event& event) {
    std::string words;
    for (const auto& writer : event.writers)
        words += fmt::format("{}{}", words.empty() ? " by " : ", ", Escaped{writer.manager});
    return words;
}

/// Twenty letters and a mark.
std::string time_words(const Event& event) {
    if (!event.time || !event.time->best()) return fmt::format("{:<21}", "time not known");
    return fmt::format("{}{}", is_exact(*event.time) ? ' ' : '>',
                       text::rfc3339(*event.time->best()));
}

class TextTimeline : public TimelinePrinter {
 public:
    explicit TextTimeline(TextSink sink) : sink_(std::move(sink)) {}

    void add(const Event& event) override {
        begin();
        auto line =
            fmt::format("{:>9} {} {}", event.revision, time_words(event), event_words(event));
        if (!event.problem.empty())
            line += fmt::format("  PROBLEM: {}", text::escape_message(event.problem));
        ++events_;
        sink_(line + "\n");
    }

    void add(const diff::Gap& gap) override {
        begin();
        sink_(fmt::format("{:>9} {}\n", "---", gap_words(gap)));
    }

    void finish() override {
        begin();
        sink_(fmt::format("{}\n", text::counted(events_, "event", "events")));
    }

 private:
    void begin() {
        if (is_begun_) return;
        is_begun_ = true;
        sink_(
            "managers are names that the clients chose, no identities; > is a bound: not before\n");
    }

    TextSink sink_;
    bool is_begun_ = false;
    std::uint64_t events_ = 0;
};

}  // namespace

bool is_exact(const cluster::KnownTime& time) {
    return time.at || (time.not_before && time.not_after &&
                       time.not_before->seconds == time.not_after->seconds);
}

std::string event_words(const Event& event) {
    return fmt::format(
        "{}{}{} {}{}{}{}{}{}{}", carved_words(event.carved), event.net_after ? "(net) " : "",
        diff::verb_name(event.verb), subject(event), writer_words(event),
        event.detail.empty() ? "" : " (", event.detail, event.detail.empty() ? "" : ")",
        event.from_unknown ? " from a state that is not known" : "", changes_words(event.changes));
}

std::string gap_words(const diff::Gap& gap) {
    const char* told = gap.tells_net && gap.tells_carved
                           ? "; what follows up to there is what they came to, and what was carved"
                       : gap.tells_net    ? "; what follows up to there is what they came to"
                       : gap.tells_carved ? "; what follows up to there was carved: there was more"
                                          : "";
    return fmt::format("compacted: revisions {} to {} are in no file{}", gap.after + 1, gap.upto,
                       told);
}

std::unique_ptr<TimelinePrinter> timeline_text(TextSink sink) {
    return std::make_unique<TextTimeline>(std::move(sink));
}

std::unique_ptr<TimelinePrinter> timeline_printer(TimelineFormat format, TextSink sink) {
    if (format == TimelineFormat::text) return timeline_text(std::move(sink));
    if (format == TimelineFormat::yaml) return timeline_yaml(std::move(sink));
    return timeline_json(format, std::move(sink));
}

}  // namespace salvor::report
