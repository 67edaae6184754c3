#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/revision.hpp"

// The mvcc meaning of the `key` bucket. Source: etcd server/storage/mvcc/{kvstore,index,key_index,hash}.go

namespace salvor::timeline {

/// One row of the `key` bucket; views into the map.
struct Row {
    etcd::RowKey row_key;
    Bytes raw_key;    ///< 17 or 18 bytes
    Bytes raw_value;  ///< the encoded KeyValue; empty for a bump's marker row
};

/// Compaction state and head of the store. -1 where etcd has none.
struct Bounds {
    std::int64_t current = 1;    ///< max(last row's main, compacted, 1)
    std::int64_t compacted = -1; ///< max(finished, scheduled)
    std::int64_t scheduled = -1;
    std::int64_t finished = -1;
};
Result<Bounds> bounds(const bbolt::Database& db);

/// A leaf entry of the `key` bucket. Error: malformed, with the offset, where the key is no row key.
Result<Row> row_of(const bbolt::Database& db, const bbolt::LeafEntry& entry);

/// Calls `each` for every row in revision order until it returns false. Errors: malformed (tree or row key).
Result<void> for_each_row(const bbolt::Database& db, const std::function<bool(const Row&)>& each);

struct Selection {
    std::string key;                        ///< first key
    std::optional<std::string> range_end;   ///< nullopt: the one key; "\0": all from `key` upward
    std::int64_t revision = 0;              ///< 0: head
};
/// The live keys of a selection at a revision, ascending by key. A view each; at most 24 bytes of memory a
/// key. Errors: `compacted` and `future revision` (ErrorCode::refused, etcd's own words), malformed.
Result<std::vector<etcd::KeyValue>> range(const bbolt::Database& db, const Selection& selection);

struct HashKv {
    std::uint32_t hash;
    std::int64_t hash_revision;
    std::int64_t compact_revision;
};
/// As a live server's HashKV. `revision` 0: head. Errors: the two texts of upstream, refused; malformed.
Result<HashKv> hash_kv(const bbolt::Database& db, std::int64_t revision);

}  // namespace salvor::timeline
