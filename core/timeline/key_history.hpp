#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/timeline/rows.hpp"

namespace salvor::timeline {

/// A row of one key, and where it is stored.
struct KeptRow {
    etcd::RowKey row_key;
    RowPosition position;
};

/// All rows that the file keeps of one key, deletions too, oldest first.
struct KeyHistory {
    std::string key;
    std::vector<KeptRow> rows;
};

/// The histories of the keys for which `keep` says yes, by key; of all other rows the key alone is
/// read. Rows behind revision `last` are left out. Errors: malformed.
Result<std::vector<KeyHistory>> histories(const bbolt::Database& db, std::int64_t last,
                                          const std::function<bool(Bytes)>& keep);

/// What a kept row holds; views into the map.
etcd::KeyValue key_value_at(const bbolt::Database& db, RowPosition position);

}  // namespace salvor::timeline
