#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"

// What fills a database: by kind, namespace, manager and key, and what of it is dead.

namespace salvor::usage {

/// Rows of the `key` bucket and the bytes that they take on their pages.
struct Rows {
    std::uint64_t rows = 0, bytes = 0;
    void add(std::uint64_t size) {
        ++rows;
        bytes += size;
    }
};

/// What one kind, namespace or manager takes.
struct Share {
    std::string name;
    Rows live;   ///< the newest row of each live key
    Rows older;  ///< what a compaction removes: older revisions and deletions
};

struct Key {
    std::string key;  ///< as it may be shown
    std::uint64_t bytes = 0;
    std::uint64_t revisions = 0;  ///< kept
    bool is_live = true;
};

struct Usage {
    std::uint64_t file = 0;
    std::size_t page_size = 0;
    std::uint64_t pages = 0;
    std::uint64_t used = 0, free = 0, fragmented = 0;  ///< bytes
    std::int64_t revision = 1;
    std::int64_t compacted = -1;  ///< -1: never
    Rows live, older;
    std::vector<Share> kinds, namespaces;  ///< the largest first
    std::vector<Share> managers;  ///< of live objects: by who wrote last, as it called itself
    std::vector<Key> largest;     ///< live, by the newest row
    std::vector<Key> most_revised;

    /// About what a defragmentation gives back, alone or after a compaction at the newest revision.
    std::uint64_t by_defrag() const { return given_back(used); }
    std::uint64_t by_compaction_and_defrag() const {
        return given_back(used - std::min(used, older.bytes));
    }

 private:
    std::uint64_t given_back(std::uint64_t kept) const;
};

/// So many keys of either list; of names, the first of very many.
constexpr std::size_t keys_listed = 100;
constexpr std::size_t max_names = 10'000;

/// Memory: 24 bytes a key and 16 an older row. Errors: as Snapshot::database(); malformed,
/// too_large.
Result<Usage> gather(const Snapshot& snapshot);

}  // namespace salvor::usage
