#pragma once

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/wal/layout.hpp"
#include "formats/wal/log.hpp"

// Frames and records of one segment, as views.

namespace salvor::wal {

/// What stands at an offset of a segment.
struct Frame {
    enum class Kind : std::uint8_t {
        record,
        end,  ///< the file's end, or a length of zero: preallocated space
        cut,  ///< it reaches beyond the file's end
    };
    Kind kind;
    std::uint64_t needed;  ///< bytes from its offset on, length field and padding included
    Bytes record;
    Bytes body;  ///< record and padding
};
Frame frame_at(Bytes segment, std::uint64_t offset);

/// Whether a flawed body looks like one whose sectors did not all reach the disk: one of the pieces
/// into which the file's sectors divide it is all zero. Source: decoder.go isTornEntry
bool looks_torn(Bytes body, std::uint64_t offset_in_file);

struct Record {
    RecordType type{};
    std::uint32_t crc = 0;
    Bytes data;
};
Result<Record> parse_record(Bytes bytes);
Result<Entry> parse_entry(Bytes data);
Result<HardState> parse_hard_state(Bytes data);
Result<SnapshotRecord> parse_snapshot(Bytes data);

struct Metadata {
    etcd::MemberId node{};
    etcd::ClusterId cluster{};
};
Result<Metadata> parse_metadata(Bytes data);

}  // namespace salvor::wal
