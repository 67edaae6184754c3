#include "formats/wal/start.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "formats/wal/segment_name.hpp"

namespace salvor::wal {

void check_start(const Log& log, const SnapshotRecord& start, const ProblemSink& sink) {
    const auto report = [&](std::string message) {
        Problem problem{"wal-start", {}, std::move(message)};
        if (!log.segments.empty()) problem.place.file = shown_path(log.segments.front().path);
        sink(std::move(problem));
    };
    const auto& segments = log.segments;
    const auto from = std::find_if(segments.rbegin(), segments.rend(), [&](const Segment& segment) {
        return segment.first_index <= start.index;
    });
    if (from == segments.rend()) {
        return report(
            fmt::format("no segment reaches back to the snapshot at index {}", start.index));
    }
    const auto first = static_cast<std::size_t>(segments.rend() - from - 1);
    const auto record =
        std::find_if(log.snapshots.begin(), log.snapshots.end(), [&](const auto& snapshot) {
            return snapshot.segment >= first && snapshot.index == start.index;
        });
    if (record == log.snapshots.end()) {
        return report(fmt::format("from {} on there is no record of the snapshot at index {}",
                                  segments[first].path.filename().string(), start.index));
    }
    if (record->term != start.term) {
        return report(
            fmt::format("the snapshot at index {} is of term {}, the log's record of it of term {}",
                        start.index, start.term, record->term));
    }
    if (!log.entries.empty() && log.entries.first_index() > start.index + 1) {
        report(fmt::format("the snapshot is at index {}, the first entry after it is {}",
                           start.index, log.entries.first_index()));
    }
}

}  // namespace salvor::wal
