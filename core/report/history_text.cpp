#include <algorithm>

#include "core/report/carved.hpp"
#include "core/report/field_changes.hpp"
#include "core/report/history.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using cluster::HistoryEntry;
using cluster::HistoryEvent;
using text::counted;
using text::Escaped;

std::string lost_words(const HistoryEntry& entry) {
    if (entry.lost_writes <= 0) return "";
    const auto lost = static_cast<std::uint64_t>(entry.lost_writes);
    return fmt::format("; {} before it {} in no file", counted(lost, "write", "writes"),
                       lost == 1 ? "is" : "are");
}

std::string event_words(const HistoryEntry& entry) {
    switch (entry.event) {
        case HistoryEvent::oldest_kept:
            if (entry.version == 0) return "oldest state that is found";
            return fmt::format("oldest state that is {}, version {}; created at revision {}",
                               entry.carved ? "found" : "kept", entry.version,
                               entry.create_revision);
        case HistoryEvent::created: return "created";
        case HistoryEvent::changed:
            if (entry.version == 0) return "changed";
            return fmt::format("changed, version {}{}", entry.version, lost_words(entry));
        case HistoryEvent::deleted:
            return entry.net_after
                       ? fmt::format("deleted after revision {}, at this one at the latest",
                                     *entry.net_after)
                       : "deleted";
        case HistoryEvent::recreated: return "created again";
    }
    return "";
}

std::string source_words(const cluster::TimeEvidence& evidence, std::int64_t revision) {
    const auto text = evidence.text();
    if (evidence.revision != revision) return text::escape(text);
    return "its " + text.substr(0, text.find(" of "));  // whose key need not be said again
}

std::string evidence_words(const cluster::TimeEvidence& evidence, std::int64_t revision) {
    return fmt::format("{} by {}", text::rfc3339(evidence.seconds),
                       source_words(evidence, revision));
}

class TextHistory : public HistoryPrinter {
 public:
    TextHistory(const cluster::History& history, TextSink sink) : sink_(std::move(sink)) {
        const auto key = history.object_key();
        const auto kind = key.type ? key.type->full_name() : std::string("object");
        std::string head = fmt::format("{} {}", kind, Escaped{key.name});
        if (!key.namespace_name.empty())
            head += fmt::format(" in namespace {}", Escaped{key.namespace_name});
        head += fmt::format(
            "\nkey         {}\nkept        {}\n{}compaction  {}\n"
            "managers    are names that the clients chose, no identities\n",
            Escaped{history.key()}, counted(history.size(), "revision", "revisions"),
            carved_line(history), compaction_words(history));
        sink_(head);
    }

    void add(const HistoryEntry& entry) override {
        std::string text = fmt::format("\nrevision {}  {}{}\n", entry.revision,
                                       carved_words(entry.carved), event_words(entry));
        text += time_lines(entry) + writer_lines(entry) + change_lines(entry);
        sink_(text);
    }
    void finish() override {}

 private:
    static std::string carved_line(const cluster::History& history) {
        if (history.carved() == 0) return "";
        return fmt::format("carved      {} beside those, out of pages that are not used any more\n",
                           counted(history.carved(), "revision", "revisions"));
    }

    static std::string compaction_words(const cluster::History& history) {
        std::string gaps;
        for (const auto& gap : history.gaps())
            gaps += fmt::format("; of revisions {} to {} only what they came to is known",
                                gap.from + 1, gap.to);
        if (history.compacted() < timeline::first_revision)
            return gaps.empty() ? "none: every revision that there was is in the file"
                                : "none from the first revision on" + gaps;
        std::string words = fmt::format("revisions before {} are gone", history.compacted());
        if (const auto lost = history.lost_versions(); lost > 0) {
            words += fmt::format(", with the first {} of this object",
                                 counted(static_cast<std::uint64_t>(lost), "write", "writes"));
        }
        words += "; an earlier object of that name, deleted by then, left nothing";
        return words + (history.carved() > 0 ? " but what is carved" : "") + gaps;
    }

    static std::string time_lines(const HistoryEntry& entry) {
        if (!entry.time) return "  time      not known: no revision near it tells one\n";
        const auto& [at, not_before, not_after] = *entry.time;
        if (at) return fmt::format("  time      {}\n", evidence_words(*at, entry.revision));
        if (not_before && not_after && not_before->seconds == not_after->seconds) {
            return fmt::format("  time      at {} and {}\n",
                               evidence_words(*not_before, entry.revision),
                               source_words(*not_after, entry.revision));
        }
        std::string lines;
        if (not_before)
            lines += fmt::format("  time      not before {}\n",
                                 evidence_words(*not_before, entry.revision));
        if (not_after)
            lines += fmt::format("  {}not after  {}\n", not_before ? "          " : "time      ",
                                 evidence_words(*not_after, entry.revision));
        return lines;
    }

    static std::string writer_lines(const HistoryEntry& entry) {
        if (entry.event == HistoryEvent::deleted)
            return "  manager   not told: who deletes leaves no name\n";
        if (entry.carved && !entry.carved->whole)
            return "  manager   not known: the end of the value is overwritten\n";
        if (entry.writers.empty()) {
            return entry.problem.empty() ? "  manager   not told: managedFields do not say\n" : "";
        }
        std::string lines;
        const bool all = entry.event == HistoryEvent::oldest_kept;
        for (const auto& writer : entry.writers) {
            lines += fmt::format(
                "  {}{} ({}{}{}{}{})\n", lines.empty() ? "manager   " : "          ",
                Escaped{writer.manager}, Escaped{writer.operation},
                writer.subresource.empty() ? "" : " of ", Escaped{writer.subresource},
                all && !writer.time.empty() ? " " : "", Escaped{all ? writer.time : ""});
        }
        return lines;
    }

    static std::string change_lines(const HistoryEntry& entry) {
        if (!entry.problem.empty())
            return fmt::format("  PROBLEM   {}\n", text::escape_message(entry.problem));
        if (entry.compared_to == 0) return "";
        std::string lines;
        if (entry.event == HistoryEvent::recreated)
            lines += fmt::format("  changes   from the deleted one's last state, revision {}\n",
                                 entry.compared_to);
        if (entry.changes.fields.empty())
            return lines + "  changes   none but in managedFields and resourceVersion\n";
        return lines + field_lines(entry.changes);
    }

    TextSink sink_;
};

}  // namespace

std::unique_ptr<HistoryPrinter> history_text(const cluster::History& history, TextSink sink) {
    return std::make_unique<TextHistory>(history, std::move(sink));
}

}  // namespace salvor::report
