#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace salvor::wal {

/// What a segment's file name says of it.
struct SegmentName {
    std::uint64_t sequence;
    std::uint64_t first_index;
};

std::string segment_name(std::uint64_t sequence, std::uint64_t first_index);  ///< %016x-%016x.wal
/// nullopt where it is not of etcd's own form.
std::optional<SegmentName> parse_segment_name(const std::filesystem::path& path);

/// The path for a problem's place: as a data directory has it, `member/wal/NAME`; elsewhere as it
/// was given.
std::string shown_path(const std::filesystem::path& path);

}  // namespace salvor::wal
