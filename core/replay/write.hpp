#pragma once

#include "core/replay/keyspace.hpp"
#include "formats/base/output.hpp"
#include "formats/bbolt/writer.hpp"

namespace salvor::replay {

/// A db with what came after it: its small buckets as `change` has them, its rows and those of
/// `keys`, less what a compaction left out; dense, without a trailer. Errors: malformed, io.
Result<void> write_db(const bbolt::Database& from, bbolt::Change change, const Keyspace& keys,
                      FileWriter& out);

}  // namespace salvor::replay
