#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/timeline/state.hpp"

namespace salvor::timeline {

/// A database and the revision whose state is meant.
struct Moment {
    const bbolt::Database* db;
    std::int64_t revision;
};

/// What two histories have to do with each other.
struct Kinship {
    /// The first revision that is not the same in both, though both should have it: from there on
    /// they are two lineages.
    std::optional<std::int64_t> parted_at;
    std::uint64_t shared_rows = 0;  ///< as far as they were compared row by row
    std::uint64_t shared_pages = 0;
    bool shares_anything() const { return shared_rows + shared_pages > 0; }
    /// Of two parts of the histories what they come to together.
    void take(const Kinship& part);
};

/// Which keys' states may differ between two moments: a filter that misses none, and lets through a
/// few others. It is found by walking both trees of rows side by side; pages that are the same byte
/// for byte are passed over whole, by several threads where the file is large. Of two revisions of
/// one database only the rows between are read. Half a megabyte, however much differs.
class Differences {
 public:
    /// Errors: malformed.
    static Result<Differences> between(const Moment& before, const Moment& after);

    bool may_differ(Bytes key) const;
    const Kinship& kinship() const { return kinship_; }

 private:
    class Walk;
    Differences() : bits_(bit_count / bits_per_word) {}
    Result<void> compare(const Moment& before, const Moment& after);
    /// By several threads at once.
    void note(Bytes key);
    Result<void> note_rows_between(const bbolt::Database& db, std::int64_t first,
                                   std::int64_t last);

    static constexpr std::size_t bit_count = std::size_t{1} << 22;
    static constexpr std::size_t bits_per_word = 64;
    std::vector<std::uint64_t> bits_;
    Kinship kinship_;
};

/// Calls `each(before, after)` in the order of the keys for every key that is in one of two states
/// alone, or in both with another record; nullptr where it is not. Both states are in the order of
/// their keys. Until it returns false.
using RowPair = std::function<bool(const etcd::KeyValue* before, const etcd::KeyValue* after)>;
void each_difference(const State& before, const State& after, const RowPair& each);

}  // namespace salvor::timeline
