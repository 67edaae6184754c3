#pragma once

#include <filesystem>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/envelope/stream.hpp"

namespace salvor::envelope {

/// What is no more than this stays in memory (memfd); all else goes to an unlinked file.
constexpr std::uint64_t most_in_memory = 32 << 20;
/// Larger than any database that etcd serves (8 GiB is what it is meant for), free space and all.
constexpr std::uint64_t most_unpacked = 64ULL << 30;

/// Where what is unpacked may be put: the first that can hold a file. Empty paths are none.
struct SpillPlaces {
    std::filesystem::path chosen;  ///< --temp-dir: it, or none
    std::filesystem::path output;  ///< beside what is made, where something is
};

/// The folders in the order in which they are tried.
std::vector<std::filesystem::path> candidates(const SpillPlaces& places);

/// All bytes of a stream as a file without a name, that goes with the last map of it. `name` is
/// what messages call it; `modified_ns` its time. Errors: the stream's; io; too_large.
Result<MappedFile> spill(Stream& stream, const SpillPlaces& places,
                         const std::filesystem::path& name, std::int64_t modified_ns);

}  // namespace salvor::envelope
