#pragma once

#include <memory>

#include "core/cluster/history.hpp"
#include "core/report/objects.hpp"

// All revisions of one object, oldest first, each written as it comes.

namespace salvor::report {

enum class HistoryFormat { text, json, jsonl };

class HistoryPrinter {
 public:
    virtual ~HistoryPrinter() = default;
    virtual void add(const cluster::HistoryEntry& entry) = 0;
    /// Ends the answer; nothing may follow.
    virtual void finish() = 0;
};

/// The history must outlive the printer.
std::unique_ptr<HistoryPrinter> history_printer(const cluster::History& history,
                                                HistoryFormat format, TextSink sink);
std::unique_ptr<HistoryPrinter> history_text(const cluster::History& history, TextSink sink);
/// As one document, or a line a revision.
std::unique_ptr<HistoryPrinter> history_json(const cluster::History& history, HistoryFormat format,
                                             TextSink sink);

/// What a time was told by, as the JSON has it: "managedFields".
Bytes time_source_name(cluster::TimeSource source);

/// "2026-07-31T23:59:59Z by managedFields of KEY at revision 4711", as every view tells times.
std::string told(const cluster::TimeEvidence& evidence);

}  // namespace salvor::report
