#include <algorithm>

#include "core/cluster/describe/parts.hpp"

namespace salvor::describe {
namespace {

constexpr std::string_view mirror = "kubernetes.io/config.mirror";

/// What of an Event its line says.
struct Line {
    kube::Instant last;
    std::string text;
};

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\n\v\f\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

std::string interval(const Subject& subject, const Value& event) {
    const auto* since = event.find("eventTime");
    if (!table::time_of(since)) since = event.find("firstTimestamp");
    auto first = age(subject, since);
    if (has(event, "series")) {
        return fmt::format("{} (x{} over {})", age(subject, at(event, "series.lastObservedTime")),
                           number_at(event, "series.count"), first);
    }
    const auto count = integer_at(event, "count");
    if (count <= 1) return first;
    return fmt::format("{} (x{} over {})", age(subject, event.find("lastTimestamp")), count, first);
}

Line line_of(const Subject& subject, const Value& event) {
    auto source = text_at(event, "source.component");
    if (source.empty()) source = text_at(event, "reportingComponent");
    auto message = trimmed(event.text("message"));
    if (const auto path = string_at(event, "involvedObject.fieldPath"); !path.empty())
        message = fmt::format("{}: {}", path, message);
    const auto last = table::time_of(event.find("lastTimestamp"));
    return {last.value_or(kube::Instant{kube::zero_time_seconds}),
            fmt::format("{}\t{}\t{}\t{}\t{}", event.text("type"), event.text("reason"),
                        interval(subject, event), source, message)};
}

std::vector<Surroundings::About> asked_about(const Subject& subject, const Kind& kind) {
    const auto& object = subject.object;
    Surroundings::About about{string_at(object, "metadata.namespace"),
                              string_at(object, "metadata.name"), object.text("kind"),
                              string_at(object, "metadata.uid")};
    if (kind.events == Events::of_any_kind) {
        about.kind = {};
        if (const auto* uid = table::annotation(object, mirror)) about.uid = uid->string;
    }
    std::vector<Surroundings::About> all{about};
    if (kind.events == Events::of_node) {
        about.uid = about.name;  // as a kubelet names its node
        all.push_back(about);
    }
    return all;
}

}  // namespace

void events(const Subject& subject, const Kind& kind, Writer& out) {
    std::vector<Line> lines;
    for (const auto& about : asked_about(subject, kind)) {
        subject.around.each_event(
            about, [&](const Value& event) { lines.push_back(line_of(subject, event)); });
    }
    if (lines.empty()) return out.write(0, "Events:\t<none>\n");
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.last < b.last; });
    out.write(0, "Events:\n");
    out.write(1, "Type\tReason\tAge\tFrom\tMessage\n");
    out.write(1, "----\t------\t----\t----\t-------\n");
    for (const auto& line : lines) out.write(1, "{}\n", line.text);
}

}  // namespace salvor::describe
