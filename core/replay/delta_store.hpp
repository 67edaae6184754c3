#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/envelope/spill.hpp"
#include "formats/gardener/name.hpp"

namespace salvor::replay {

struct DeltaFile {
    std::filesystem::path path;
    gardener::Name name;
};

/// Which files of a folder of etcd-backup-restore make its newest state.
struct DeltaStore {
    std::filesystem::path folder;
    DeltaFile full;
    std::vector<DeltaFile> deltas;  ///< in the order in which they go on
    /// Of the last of them, seconds since 1970.
    std::int64_t taken_at() const { return (deltas.empty() ? full : deltas.back()).name.taken_at; }
};

/// Looks into the folder, its `v2` and its `Backup-*`. nullopt: no full snapshot is there. Errors:
/// flawed (a delta is missing), io.
Result<std::optional<DeltaStore>> find_delta_store(const std::filesystem::path& folder);

/// A file's bytes out of what its name says they are packed in. Errors: malformed, too_large, io.
Result<MappedFile> unpacked(const DeltaFile& file, const envelope::SpillPlaces& places);
/// Errors: those, what Snapshot::database() says, and flawed (the digest behind it is wrong).
Result<Snapshot> open_full(const DeltaFile& file, const envelope::SpillPlaces& places);

}  // namespace salvor::replay
