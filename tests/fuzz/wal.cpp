#include <vector>

#include "formats/wal/reader.hpp"
#include "formats/wal/start.hpp"
#include "tests/formats/wal/test_log.hpp"

namespace {

using namespace salvor;

constexpr std::size_t most_segments = 4;

/// Raw: the bytes are the segments, cut where a byte 0xff 0xfe stands.
std::vector<std::string> cut(Bytes input) {
    std::vector<std::string> segments;
    while (segments.size() + 1 < most_segments) {
        const auto at = input.find("\xff\xfe");
        if (at == Bytes::npos) break;
        segments.emplace_back(input.substr(0, at));
        input.remove_prefix(at + 2);
    }
    segments.emplace_back(input);
    return segments;
}

/// Framed: the bytes are records, a byte of type and a byte of size before each, and get a right
/// chain; type 9 begins a segment.
std::vector<std::string> frame(Bytes input) {
    TestLog log;
    std::size_t count = 1;
    while (input.size() >= 2) {
        const auto type = input[0] & 15;
        const auto data = input.substr(2, static_cast<unsigned char>(input[1]));
        input.remove_prefix(2 + data.size());
        if (type != 9) {
            log.record(type, std::string(data));
        } else if (count < most_segments) {
            log.next_segment();
            ++count;
        }
    }
    std::vector<std::string> segments;
    for (std::size_t i = 0; i < count; ++i) segments.push_back(log.bytes_of(i));
    return segments;
}

void check(const wal::Log& log) {
    auto index = log.entries.first_index();
    for (const auto& entry : log.entries) {
        if (entry.index != index++ || entry.segment >= log.segments.size()) __builtin_trap();
    }
    for (const auto& segment : log.segments) {
        if (segment.data_end > segment.bytes.size()) __builtin_trap();
    }
    const auto* newest = log.newest_committed_snapshot();
    if (newest && !log.committed_snapshot(newest->term, newest->index)) __builtin_trap();
    wal::check_start(log, newest ? *newest : wal::SnapshotRecord{}, [](const Problem&) {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto input = Bytes(reinterpret_cast<const char*>(data), size);
    const auto segments = input[0] & 1 ? frame(input.substr(1)) : cut(input.substr(1));
    std::vector<wal::Segment> named;
    for (const auto& bytes : segments) {
        wal::Segment segment;
        segment.path = "member/wal/segment.wal";
        segment.bytes = bytes;
        segment.sequence = named.size();
        named.push_back(std::move(segment));
    }
    std::size_t problems = 0;
    const auto log = wal::read_segments(std::move(named), [&](const Problem& problem) {
        if (problem.message.empty()) __builtin_trap();
        ++problems;
    });
    if (log.ending != wal::Ending::clean && problems == 0) __builtin_trap();
    check(log);
    return 0;
}
