#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/envelope/spill.hpp"

// What etcd-backup-restore keeps: a full snapshot, and small files of what happened since.

namespace salvor::replay {

struct Assembled {
    MappedFile db;  ///< a dense database without a trailer; it has no name on any disk
    std::vector<std::string> remarks;
};

/// The newest full snapshot in a folder with all that its deltas have beyond it, as
/// etcd-backup-restore itself would restore it; leases that the full snapshot does not have are
/// left out. nullopt: there is no full snapshot. Errors: flawed (a delta is missing, or does not go
/// on from what was before it), malformed, too_large, io.
Result<std::optional<Assembled>> assemble(const std::filesystem::path& folder,
                                          const envelope::SpillPlaces& places);

}  // namespace salvor::replay
