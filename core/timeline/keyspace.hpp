#pragma once

#include <functional>

#include "core/timeline/hash_kv.hpp"
#include "core/timeline/rows.hpp"
#include "core/timeline/state.hpp"
#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"

// The mvcc meaning of the `key` bucket. Source: etcd
// server/storage/mvcc/{kvstore,index,key_index,hash}.go

namespace salvor::timeline {

/// Rows below this are not the store's: etcd does not read them into its index.
/// Source: kvstore.go restore
constexpr std::int64_t first_revision = 1;

/// Compaction state and head of the store. -1 where etcd has none.
struct Bounds {
    std::int64_t current = 1;     ///< max(last row's main, compacted, 1)
    std::int64_t compacted = -1;  ///< max(finished, scheduled)
    std::int64_t scheduled = -1;
    std::int64_t finished = -1;
};
Result<Bounds> bounds(const bbolt::Database& db);

/// etcd's own words for a revision that a store does not have (refused).
std::unexpected<Error> compacted_revision();
std::unexpected<Error> future_revision();

/// walk_rows() without a template, for loops that are not hot.
Result<void> for_each_row(const bbolt::Database& db, const std::function<bool(const Row&)>& each);

}  // namespace salvor::timeline
