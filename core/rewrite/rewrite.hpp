#pragma once

#include <filesystem>
#include <optional>

#include "core/snapshot/snapshot.hpp"
#include "core/verify/new_snapshot.hpp"
#include "formats/etcd/version.hpp"

// A backup as a new snapshot, verified before it stands: as it is and plain, or denser, smaller, of
// another line's schema. Those are written dense: what the source has in free pages does not come
// along.

namespace salvor::rewrite {

/// What becomes of the source's trailer in a file that gets a right one, in words; none where its
/// own, of an image with this digest, is right. Error: flawed (it is wrong), unless flaws are told.
Result<std::string> judge_trailer(const Snapshot& source, const Sha256Digest& digest,
                                  verify::Flaws flaws);

struct Rewritten {
    verify::MadeSnapshot made;
    std::uint64_t size_before = 0;
    std::uint64_t rows_before = 0;  ///< of bucket key; compact() alone counts them
    std::uint64_t rows = 0;
};

/// As `etcdctl compact REVISION` on a server with this store; nullopt: at the head. Errors: refused
/// (etcd's own words: the revision is compacted, or a future one), malformed, those of
/// verify::make_snapshot().
Result<Rewritten> compact(const Snapshot& source, std::optional<std::int64_t> revision,
                          const std::filesystem::path& to);

/// As `etcdctl defrag`. Errors: malformed, those of verify::make_snapshot().
Result<Rewritten> defrag(const Snapshot& source, const std::filesystem::path& to);

struct Changed {
    Rewritten rewritten;
    std::vector<std::string> changes;  ///< each as a sentence
};
/// As `etcdutl migrate`, and more: clusterVersion and a downgrade that is under way become what a
/// server of that line starts with. Errors: unsupported (a storageVersion that is not known),
/// malformed, those of verify::make_snapshot().
Result<Changed> migrate(const Snapshot& source, etcd::Line line, const std::filesystem::path& to);

/// The database's own bytes out of whatever they came in, with a right trailer. What speaks against
/// it is refused, or told. Errors: flawed (its trailer is wrong, too), those of the database and of
/// verify::make_snapshot().
Result<Changed> open(const Snapshot& source, verify::Flaws flaws, const std::filesystem::path& to);

}  // namespace salvor::rewrite
