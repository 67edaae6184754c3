#pragma once

#include <vector>

#include "core/recover/area.hpp"
#include "core/recover/tree.hpp"

namespace salvor::recover {

struct Entry {
    Bytes key, value;
    bool is_bucket = false;
};

/// What a bucket holds whose keys are of any kind, as far as it can be read; ascending.
struct Entries {
    std::vector<Entry> found;
    bool complete = true;
    std::vector<Mark> marks;
};
Entries read_entries(const Area& area, const bbolt::Bucket& bucket);

/// The elements of one leaf, those that lie within it and ascend.
Entries leaf_entries(const Area& area, std::uint64_t offset);

/// The bucket that an entry names; nullopt where its value is too short for one.
std::optional<bbolt::Bucket> bucket_of(const Area& area, const Entry& entry);

}  // namespace salvor::recover
