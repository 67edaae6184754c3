#pragma once

#include <string>
#include <vector>

#include "core/recover/fill.hpp"
#include "core/recover/roots.hpp"

namespace salvor::recover {

/// A row of any bucket but `key`.
struct SmallRow {
    Bytes bucket, key, value;
    bool certain = true;
};

/// The buckets beside `key`, as the root has them; where that one is damaged, also what another
/// list of buckets has, which is not certain.
struct SmallRows {
    std::vector<Bytes> buckets;  ///< ascending, `key` among them
    std::vector<SmallRow> rows;  ///< by bucket, then key
    std::vector<SmallRow> lost;  ///< that say nothing which their bucket could have
    std::vector<Bytes> incomplete;
    std::vector<Mark> marks;
    Compaction compaction;
};
SmallRows read_small_rows(const Area& area, const Root& root);

/// Whether etcd could have written it. A row of a kind that is not known may be anything.
bool is_sound_row(Bytes bucket, Bytes key, Bytes value);

}  // namespace salvor::recover
