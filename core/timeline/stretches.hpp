#pragma once

#include <cstdint>
#include <vector>

namespace salvor::timeline {

/// What one file tells of a history: every change behind `compacted` up to `head`; of what was
/// before, the state that compaction left.
struct Span {
    std::int64_t compacted = 0;
    std::int64_t head = 0;
};

/// The revisions behind `from` up to `to`, as the file at place `span` tells them: every change,
/// or, where no file has those, what they came to.
struct Stretch {
    std::size_t span;
    std::int64_t from, to;
    bool is_whole;
};

/// One history of several files of one lineage: stretch after stretch from the first revision to
/// the last head, each told by one file; of several the one that reaches furthest.
std::vector<Stretch> stretches(const std::vector<Span>& spans);

}  // namespace salvor::timeline
