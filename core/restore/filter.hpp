#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/bbolt/writer.hpp"

// What of a backup does not come along into a restored directory. The history goes with it: where
// rows are left out, the revisions that had them cannot be served any more.

namespace salvor::restore {

/// As typed: each a KIND of the Kubernetes in it, or a prefix of keys.
struct FilterWishes {
    std::vector<std::string> drop, keep;
    bool events = false;      ///< as --drop events
    bool leases = false;      ///< etcd's own, with the keys that are attached to them
    bool finalizers = false;  ///< of objects that wait for one to be deleted

    bool any() const { return !drop.empty() || !keep.empty() || events || leases || finalizers; }
};

/// A word, and the keys that it stands for.
struct FilterTerm {
    std::string word;
    std::vector<std::string> prefixes;
    bool holds(Bytes key) const;
};
struct Filter {
    std::vector<FilterTerm> drop, keep;
    bool leases = false;
    bool finalizers = false;

    bool any() const { return !drop.empty() || !keep.empty() || leases || finalizers; }
    /// By which of `drop` a key goes; their number where it is none that `keep` holds; nullopt: it
    /// stays.
    std::optional<std::size_t> dropped_by(Bytes key) const;
};
/// Errors: usage (neither a KIND of this backup nor a prefix), malformed.
Result<Filter> resolve(const bbolt::Database& db, const FilterWishes& wishes);

/// What a filter comes to.
struct Filtered {
    struct Count {
        std::string by;  ///< "--drop events"
        std::uint64_t keys = 0, bytes = 0;
    };
    std::vector<Count> dropped;  ///< of each `drop`, then of all `keep`, then of `leases`
    std::uint64_t leases = 0;
    std::vector<std::string> cleared;   ///< keys whose finalizers went
    std::uint64_t not_looked_into = 0;  ///< encrypted ones, which may wait, too
};
/// Adds to the change what the filter takes, and that all up to `revision` is compacted.
/// Errors: malformed, too_large.
Result<Filtered> apply(const bbolt::Database& db, const Filter& filter, std::int64_t revision,
                       bbolt::Change& change);

}  // namespace salvor::restore
