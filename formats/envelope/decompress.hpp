#pragma once

#include <functional>

#include "formats/envelope/form.hpp"
#include "formats/envelope/stream.hpp"

namespace salvor::envelope {

/// Once this much came out, no more than so many times what went in: etcd's own databases stay far
/// below (pages of zeros come out at 1,000 to 1 from gzip), a bomb does not.
constexpr std::uint64_t ratio_free = 1ULL << 30;
constexpr std::uint64_t most_ratio = 1000;
/// What decompressing may need: a zstd window as `zstd -d` takes it unasked, an xz dictionary as
/// `xz -9` makes it.
constexpr int most_zstd_window_log = 27;
constexpr std::uint64_t most_xz_memory = 128ULL << 20;

/// What a zstd stream carries in its skippable frames (RFC 8878 3.1.2), which decoders pass over.
struct Skippable {
    std::uint32_t variant;  ///< the low four bits of its magic
    std::string content;
};
using SkippableSink = std::function<void(Skippable)>;
/// Of each skippable frame no more than this is kept.
constexpr std::size_t most_skippable = 1 << 20;

/// The bytes within a compressed stream (gzip, zlib, zstd, xz, bzip2, lz4), several members or
/// frames being one. Errors come from next(): malformed (damaged, cut short, something behind its
/// end), too_large (beyond the bounds above).
StreamPtr decompress(Form form, StreamPtr packed, SkippableSink skippable = {});

}  // namespace salvor::envelope
