#pragma once

#include <memory>

#include "core/diff/event.hpp"
#include "core/report/objects.hpp"

// What happened, each event written as it comes.

namespace salvor::report {

enum class TimelineFormat { text, json, jsonl, yaml };

class TimelinePrinter {
 public:
    virtual ~TimelinePrinter() = default;
    virtual void add(const diff::Event& event) = 0;
    virtual void add(const diff::Gap& gap) = 0;
    /// Ends the answer; nothing may follow.
    virtual void finish() = 0;
};

std::unique_ptr<TimelinePrinter> timeline_printer(TimelineFormat format, TextSink sink);
std::unique_ptr<TimelinePrinter> timeline_text(TextSink sink);
/// One document with a list, or a line an event as Timesketch reads them.
std::unique_ptr<TimelinePrinter> timeline_json(TimelineFormat format, TextSink sink);
/// The last states of what was deleted, as manifests.
std::unique_ptr<TimelinePrinter> timeline_yaml(TextSink sink);

/// Whether a time is known to the second: told by itself, or by neighbours of one and the same
/// second.
bool is_exact(const cluster::KnownTime& time);

/// An event in a line, as the text and the JSON's `message` have it: what happened to what, by
/// whom, and what changed.
std::string event_words(const diff::Event& event);
/// What is not told, and what is told in its place.
std::string gap_words(const diff::Gap& gap);

}  // namespace salvor::report
