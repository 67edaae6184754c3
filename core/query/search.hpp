#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/query/object_search.hpp"

namespace salvor::query {

struct SearchOptions {
    bool all_revisions = false;  ///< every row that is kept, deleted objects too
    std::string namespace_name;  ///< not empty: of objects of this namespace alone
    std::vector<std::string> kinds;
    /// What the patterns do not match, in place of what they do: whole objects.
    bool inverted = false;
    std::optional<std::uint8_t> release;
    const kube::at_rest::Config* encryption = nullptr;
};

/// An object, or a key of no object, in which something matches.
struct Found {
    Bytes key;                  ///< without what of it is secret
    const cluster::Item* item;  ///< nullptr: no object of Kubernetes
    std::int64_t revision;
    bool key_matches;
    std::vector<FieldHit> fields;  ///< of a key of no object: without a path
};

struct SearchSummary {
    std::uint64_t found = 0;     ///< objects and keys
    std::uint64_t closed = 0;    ///< values that are encrypted, and were not opened
    std::uint64_t problems = 0;  ///< values that could not be read to the end
};

/// Searches keys and values of what is live, by key; with all_revisions of every row, in their
/// order, a key once. The raw bytes are looked at first, side by side; only what may match is
/// opened.
/// Errors: usage (no such kind); malformed.
Result<SearchSummary> search(const bbolt::Database& db, const Pattern& pattern,
                             const SearchOptions& options,
                             const std::function<void(const Found&)>& each,
                             const std::function<void(Bytes, const std::string&)>& problem);

}  // namespace salvor::query
