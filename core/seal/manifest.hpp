#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/info/info.hpp"

namespace salvor::seal {

struct Bytes256 {
    std::uint64_t size = 0;
    std::string sha256;  ///< lower-case hex
    bool operator==(const Bytes256&) const = default;
};

/// What a sealed file says of itself, in a skippable frame behind the zstd frame, and its receipt
/// again. Only what cannot be told is left empty.
struct Manifest {
    std::string made_by;    ///< "salvor 0.1.0"
    std::string sealed_at;  ///< RFC 3339, by the clock of the machine that sealed it
    Bytes256 snapshot;      ///< as it comes out, with its trailer where it has one
    Bytes256 zstd;          ///< the frame that it comes out of
    std::string backup;     ///< verify's verdict: "sound", "flawed"
    /// nullopt: part of it could not be read, and the counts are of what could.
    std::optional<std::int64_t> revision;
    std::uint64_t keys = 0, revisions = 0, leases = 0, objects = 0;
    std::optional<std::string> taken_at, taken_certainty, taken_evidence;
    std::optional<std::string> cluster_id, etcd, kubernetes;
    bool operator==(const Manifest&) const = default;
};

/// What info knows of it; the digests, the verdict and the times are the caller's.
Manifest manifest_of(const info::Info& info);

/// One document, names in camelCase, always in the same order.
std::string to_json(const Manifest& manifest);
/// Error: malformed.
Result<Manifest> parse_manifest(Bytes json);

/// The manifest of what was sealed, once it is opened; nullopt where it has none. Errors: flawed
/// (the bytes are others than it says), malformed, unsupported.
Result<std::optional<Manifest>> checked_manifest(const Snapshot& opened);

}  // namespace salvor::seal
