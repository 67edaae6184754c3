#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/info/info.hpp"
#include "core/replay/replay.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/timeline/hash_kv.hpp"
#include "core/verify/lineage.hpp"

namespace salvor::compare {

/// What two sources say of one revision that both should have.
struct Relation {
    std::optional<std::int64_t> revision;  ///< nullopt: there is none that both still have
    /// Of that state the first key, in their order, that is not the same in both.
    std::optional<std::string> first_difference;
    /// The first revision from which on their histories are two.
    std::optional<std::int64_t> parted_at;
    bool same() const { return revision && !first_difference && !parted_at; }
};

/// A disk or a backup that one could rebuild from.
struct Contender {
    std::string source;
    std::shared_ptr<const Snapshot> snapshot;  ///< nullptr: it could not be opened
    /// What it stands for: the snapshot itself, or a disk's db with all of its log that is proven.
    std::shared_ptr<const Snapshot> state;
    verify::Verified verified;
    std::optional<info::Info> info;           ///< of the state
    std::optional<replay::Outcome> replay;    ///< of a disk with a log
    std::optional<std::string> log_unusable;  ///< why the state is that of a disk's db alone
    std::optional<timeline::HashKv> hash;     ///< at Comparison::revision
    std::optional<std::string> no_hash;
    std::optional<Relation> relation;  ///< to the one that is best

    bool is_sound() const;
    std::uint64_t last_index() const;  ///< of its log, else of its db; 0: not known
    std::uint64_t last_term() const;   ///< of that entry; 0: not known
};

/// Verifies it, applies a disk's log in a file of `temporary` that is gone with the state, and
/// tells what is in it. What is wrong with it becomes part of what is said.
Contender look(std::string source, Snapshot snapshot, const std::filesystem::path& temporary);

}  // namespace salvor::compare
