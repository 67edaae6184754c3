#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::timeline {

/// A row that no tree has any more, found in what is left of freed pages. The timeline does not
/// look for such; whoever did gives them to it.
struct Carved {
    etcd::RowKey row_key;
    /// Views into the image. Of a deletion, and where the end is missing, no value; what it says of
    /// the revisions and the version is 0 where that is missing, too.
    etcd::KeyValue kv;
    std::uint64_t page = 0;
    Bytes confidence;   ///< in a word
    bool whole = true;  ///< false: the value's end is not there any more

    std::int64_t main() const { return row_key.revision.main; }
    bool has_value() const { return whole && !row_key.tombstone; }
};

/// Drops those that the database has all the same. They ascend by revision.
Result<void> drop_kept(std::vector<Carved>& rows, const bbolt::Database& db);

/// What lies between one state of a key and the next that is known of it.
struct Link {
    bool same_life = false;        ///< it was not deleted between them
    std::int64_t lost_writes = 0;  ///< of that life
};
/// `before` was written at or before `upto`, and still stood there. nullopt: not told.
std::optional<Link> link(const etcd::KeyValue& before, std::int64_t upto,
                         const etcd::KeyValue& now);

}  // namespace salvor::timeline
