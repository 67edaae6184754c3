#pragma once

#include <cstdint>

// The numbers of the log's frames and records; FORMAT.md explains them.
// Source: etcd server/storage/wal/{wal,encoder,decoder}.go

namespace salvor::wal {

constexpr std::uint64_t segment_size = 64'000'000;  ///< SegmentSizeBytes (not 64 MiB)

constexpr std::size_t length_field_size = 8;
constexpr std::size_t frame_alignment = 8;
/// A disk writes its sectors whole or not at all: decoder.go minSectorSize.
constexpr std::size_t sector_size = 512;

enum class RecordType : std::int64_t { metadata = 1, entry = 2, state = 3, crc = 4, snapshot = 5 };

/// What a frame's length field says. The low 56 bits are the record's length; when the top bit is
/// set, the low three bits of the top byte are the length of the padding behind it.
struct FrameLength {
    std::uint64_t record;
    std::uint64_t padding;
};
constexpr FrameLength frame_length(std::uint64_t field) {
    const bool padded = field >> 63 != 0;
    return {field & 0x00FF'FFFF'FFFF'FFFF, padded ? (field >> 56) & 7 : 0};
}
constexpr std::uint64_t length_field(std::uint64_t record) {
    const auto padding = (frame_alignment - record % frame_alignment) % frame_alignment;
    return padding == 0 ? record : record | (0x80 | padding) << 56;
}

}  // namespace salvor::wal
