#pragma once

#include <filesystem>
#include <vector>

#include "formats/base/problem.hpp"
#include "formats/base/result.hpp"
#include "formats/wal/log.hpp"

// Reading a member's write-ahead log. Source: etcd server/storage/wal/{wal,decoder,repair}.go

namespace salvor::wal {

/// Reads every segment in the order of their names. Flaws go to the sink with place.file and
/// place.offset; reading ends at the first one that breaks the chain. The checks, by what etcd does
/// with it when it starts:
///
/// It starts, and cuts the record off:
/// - `wal-torn`: the last record was not written whole (3.4 not where its length is 10 MiB or more)
///
/// It starts all the same, perhaps with less than there was:
/// - `wal-rest`: bytes that are not zero behind the end of a segment; it zeroes them
/// - `wal-empty`: a segment without a record (where it is the only one, it does not start)
/// - `wal-name`: a *.wal file whose name has no sequence and index; it does not read it
///
/// It does not start:
/// - `wal-sequence`: a segment between two others is missing
/// - `wal-frame`: a frame reaches beyond the end of a segment that is not the last
/// - `wal-crc`: a record's CRC is not that of the bytes up to it
/// - `wal-record`: a record does not parse, or its type is not known
/// - `wal-metadata`: segments are of two members, or none says of which it is
/// - `wal-entry-order`: an entry's index leaves a gap
/// - `wal-commit`: the commit index is beyond the last entry
///
/// Error: a file cannot be opened.
Result<Log> read(std::vector<std::filesystem::path> files, const ProblemSink& sink);
/// The same on segments that are already there, in order.
Log read_segments(std::vector<Segment> segments, const ProblemSink& sink);

}  // namespace salvor::wal
