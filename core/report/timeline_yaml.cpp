#include "core/cluster/export/folder.hpp"
#include "core/report/timeline.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using diff::Event;

/// One stream of manifests, each under a comment that says what became of the object.
class YamlTimeline : public TimelinePrinter {
 public:
    explicit YamlTimeline(TextSink sink) : sink_(std::move(sink)) {}

    void add(const Event& event) override {
        sink_(fmt::format("{}# {}", std::exchange(is_open_, false) ? "---\n" : "", words(event)));
        if (event.is_secret) {
            sink_(": it is secret, and left out without --show-secrets\n");
        } else if (!event.last_state) {
            sink_(": its last state is not known, or could not be read\n");
        } else {
            sink_("\n" + cluster::manifest_yaml(*event.last_state));
            is_open_ = true;
        }
    }
    void add(const diff::Gap& gap) override {
        sink_(fmt::format("{}# revisions {} to {} are in no file\n",
                          std::exchange(is_open_, false) ? "---\n" : "", gap.after + 1, gap.upto));
    }
    void finish() override {}

 private:
    static std::string words(const Event& event) {
        const auto time = event.time ? event.time->best() : std::nullopt;
        return fmt::format("revision {}, {}{}: {}", event.revision,
                           time && !is_exact(*event.time) ? "not before " : "",
                           time ? text::rfc3339(*time) : "time not known", event_words(event));
    }

    TextSink sink_;
    bool is_open_ = false;  ///< a manifest was written, and what follows is another document
};

}  // namespace

std::unique_ptr<TimelinePrinter> timeline_yaml(TextSink sink) {
    return std::make_unique<YamlTimeline>(std::move(sink));
}

}  // namespace salvor::report
