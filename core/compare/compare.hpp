#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/compare/contender.hpp"

// Members' disks and backups side by side: what each one has, whether they are one history, and
// which one to rebuild from.

namespace salvor::compare {

struct Comparison {
    std::vector<Contender> contenders;
    /// The last revision that all the sound ones have; nullopt where one of them has compacted what
    /// another one ends with.
    std::optional<std::int64_t> revision;
    std::size_t lineages = 0;  ///< clusters' histories among the sound ones
    std::optional<std::size_t> best;
    /// Why that one, or why none; a sentence without a full stop.
    std::string why;
    /// Of a disk that is best: whether every write that a client was told of is in its log, because
    /// so many of the cluster's voters are here. nullopt: not a disk.
    std::optional<bool> has_all_acknowledged;

    /// All were looked at and are sound, of one history, and say the same of what they share.
    bool agree() const;
};

/// How the sound ones' HashKV stand to each other; that of one store depends on where it was
/// compacted.
enum class Hashes : std::uint8_t { same, differ, other_compaction };
Hashes hashes(const Comparison& comparison);

std::size_t sound_ones(const Comparison& comparison);
/// The one to which the others are related: the best, or else the first sound one.
std::string base_of(const Comparison& comparison);
/// The verdict's first reason, where it is flawed: `RULE: WORDS`.
std::optional<std::string> first_flaw(const Contender& contender);
/// By how much `newer` is, by times that are known in the same way; nullopt where there are none.
std::optional<std::int64_t> seconds_newer(const Contender& newer, const Contender& other);

/// Errors: malformed, too_large (in comparing states).
Result<Comparison> compare(std::vector<Contender> contenders);

}  // namespace salvor::compare
