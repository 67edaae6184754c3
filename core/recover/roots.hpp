#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/recover/entries.hpp"

namespace salvor::recover {

/// Which list of buckets counts.
struct Root {
    enum class By : std::uint8_t {
        meta,  ///< a valid meta names it
        scan,  ///< found by its form: of all there are, the one of the newest entry of the log
        none,  ///< there is none
    } by = By::none;
    int meta = 0;            ///< which of the two, with By::meta
    std::uint64_t txid = 0;  ///< of that meta
    std::uint64_t offset = 0;
    std::uint64_t page = 0;
    std::uint64_t index = 0;  ///< consistent_index as its meta bucket has it
    Entries entries;
    /// A meta names it, and all of it could be read.
    bool is_certain() const { return by == By::meta && entries.complete; }
};

/// The meta of the page there, if its checksum says so; also where only what is the same in every
/// meta was damaged: the magic, the version, the page size.
std::optional<bbolt::Meta> provable_meta(const Area& area, std::uint64_t offset);

/// consistent_index as the bucket `meta` in this list of buckets has it; 0 where it has none.
std::uint64_t index_of(const Area& area, const Entries& root);

Root choose_root(const Area& area);

/// The bucket of this name; nullopt where the root does not have it.
std::optional<bbolt::Bucket> bucket_named(const Area& area, const Root& root, Bytes name);

/// Every list of buckets there is but the chosen one, wherever; of old transactions mostly.
std::vector<std::uint64_t> other_roots(const Area& area, const Root& chosen);

}  // namespace salvor::recover
