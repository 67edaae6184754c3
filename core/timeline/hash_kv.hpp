#pragma once

#include <cstdint>

#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"

namespace salvor::timeline {

struct HashKv {
    std::uint32_t hash;
    std::int64_t hash_revision;
    std::int64_t compact_revision;
};

/// What a server that started on this database answers to HashKV. `revision` 0: head; below 0: of
/// nothing, as upstream has it. Errors: refused with etcd's own words (the revision is compacted,
/// or a future one); malformed, too_large.
Result<HashKv> hash_kv(const bbolt::Database& db, std::int64_t revision);

}  // namespace salvor::timeline
