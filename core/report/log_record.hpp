#pragma once

#include <string>

#include "formats/wal/records.hpp"

namespace salvor::report {

/// A record of a member's log in the words of `wal`. Keys and values are stored bytes.
struct LogRecord {
    std::string type;         ///< metadata, entry, state, crc, snapshot
    std::uint64_t index = 0;  ///< of an entry or a snapshot
    std::uint64_t term = 0;
    std::string kind;  ///< of an entry: put, txn, lease grant, member, nothing, ...
    std::string line;  ///< what it says, for people; escaped
    std::string json;  ///< the same as a JSON object
};

/// Never fails: what does not parse says so in `line` and in "problem".
LogRecord describe(const wal::Log& log, const wal::PlacedRecord& placed);

}  // namespace salvor::report
