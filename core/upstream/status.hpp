#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/upstream/image.hpp"
#include "formats/base/mapped_file.hpp"

namespace salvor::upstream {

/// What `snapshot status` says of a file. Source: etcd etcdutl/snapshot/v3_snapshot.go
struct Status {
    std::uint32_t hash = 0;     ///< CRC32C over bucket names, keys and values
    std::int64_t revision = 0;  ///< of the last row
    std::uint64_t total_key =
        0;  ///< 3.4, 3.5: entries of all buckets; 3.6, 3.7: keys that are live
    std::int64_t total_size = 0;  ///< the high-water mark in bytes
    std::string version;          ///< storageVersion; 3.6, 3.7; empty where there is none
    /// What is wrong with a file that upstream calls good all the same.
    std::vector<std::string> flaws;
};

/// Two cores read the file once, check its tree, sum it and count its keys. Where a page is not as
/// bbolt writes it the file is read again, exactly as upstream reads it. Memory: 23 bytes a
/// key that is or was live. Errors: upstream's own words where it has some, else (a panic, a fault,
/// a walk without end) a sentence on what was found.
Result<Status> status(const MappedFile& file, etcd::Line line);
/// The second of these ways alone.
Result<Status> exact_status(const Image& image);

}  // namespace salvor::upstream
