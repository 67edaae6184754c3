#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/base/problem.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"

// Reading a member's write-ahead log. FORMAT.md explains frames, records and the CRC chain.
// Source: etcd server/storage/wal/{wal,decoder,repair}.go

namespace salvor::wal {

struct Entry {
    enum class Type { normal = 0, conf_change = 1, conf_change_v2 = 2 };
    Type type;
    std::uint64_t term;
    std::uint64_t index;
    Bytes data;            ///< a view into the segment
    std::size_t segment;   ///< position in Log::segments
    std::uint64_t offset;  ///< of its frame in the segment
};

struct HardState {
    std::uint64_t term = 0;
    std::uint64_t vote = 0;
    std::uint64_t commit = 0;
};

struct SnapshotRecord {
    std::uint64_t index = 0;
    std::uint64_t term = 0;
    std::optional<etcd::ConfState> conf_state;
};

struct Segment {
    std::filesystem::path path;
    MappedFile file;
    std::uint64_t sequence;      ///< from its name
    std::uint64_t first_index;   ///< from its name
    std::uint64_t data_end = 0;  ///< behind the last good frame
};

/// The whole log, verified: its CRC chain from the first segment that is there to the last good
/// frame.
struct Log {
    std::vector<Segment> segments;
    std::optional<etcd::MemberId> node;
    std::optional<etcd::ClusterId> cluster;
    HardState hard_state;                   ///< the last one
    std::vector<SnapshotRecord> snapshots;  ///< in order
    /// What a restart would see: a later entry of the same index replaced it and all above it.
    std::vector<Entry> entries;
    std::size_t records = 0;
    /// The last record was torn by a crash; what is before it is good, and etcd repairs it by
    /// cutting it off.
    bool torn_tail = false;
};

/// Reads every segment in order. Flaws go to the sink (place.file, place.offset), checks
/// "wal-name", "wal-sequence" (a segment is missing), "wal-frame", "wal-crc", "wal-record",
/// "wal-torn", "wal-metadata", "wal-entry-order"; reading ends at the first that breaks the chain.
/// Error: a file cannot be opened.
Result<Log> read(const std::vector<std::filesystem::path>& files, const ProblemSink& sink);

}  // namespace salvor::wal
