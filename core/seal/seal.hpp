#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "core/seal/receipt.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/verify/new_snapshot.hpp"
#include "formats/envelope/age/recipient.hpp"

// A backup for a place offsite: verified, compressed by zstd, encrypted by age, read back from the
// disk. `age -d FILE | zstd -d` gives the snapshot's very bytes.

namespace salvor::seal {

struct Request {
    std::vector<envelope::age::RecipientPtr> recipients;  ///< one at least
    int level = 3;                                        ///< zstd's, 1 to 19
    verify::Flaws flaws = verify::Flaws::refused;
    std::filesystem::path to;
    std::optional<std::filesystem::path> receipt;
    const envelope::SigningKey* key = nullptr;  ///< of the receipt
    std::string made_by;
    std::int64_t now = 0;  ///< seconds since 1970
    /// Told how many of the snapshot's bytes were written, then how many were read back.
    std::function<void(std::uint64_t done, std::uint64_t all)> progress;
};

struct Sealed {
    Bytes256 file;
    Manifest manifest;
};

/// Verifies the source, seals it into a new file, and reads that back: what comes out of it, by the
/// file key that is still in memory, has to have the digest of what went in. Nothing stands at its
/// place before. Errors: flawed (verify found an error, or the trailer is wrong), exists, io,
/// refused (what was read back differs), the recipients'.
Result<Sealed> seal(const Snapshot& source, const Request& request);

}  // namespace salvor::seal
