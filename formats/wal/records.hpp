#pragma once

#include "formats/base/problem.hpp"
#include "formats/wal/record.hpp"

namespace salvor::wal {

/// A record where it stands. What an entry of it says may be replaced by a later one.
struct PlacedRecord {
    std::size_t segment;   ///< position in Log::segments
    std::uint64_t offset;  ///< of its frame
    Record record;
};

/// Calls `each(record)` for every record of a log that was read, in order, up to the last good one.
template <class Each>
Result<void> for_each_record(const Log& log, Each&& each) {
    for (std::size_t at = 0; at < log.segments.size(); ++at) {
        const auto& segment = log.segments[at];
        std::uint64_t offset = 0;
        while (offset < segment.data_end) {
            const auto frame = frame_at(segment.bytes, offset);
            SALVOR_TRY(const auto record, parse_record(frame.record));
            SALVOR_CHECK(each(PlacedRecord{at, offset, record}));
            offset += length_field_size + frame.body.size();
        }
    }
    return {};
}

}  // namespace salvor::wal
