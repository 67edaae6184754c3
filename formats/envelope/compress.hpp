#pragma once

#include <zstd.h>

#include <memory>
#include <string>

#include "formats/base/release.hpp"
#include "formats/envelope/sink.hpp"

namespace salvor::envelope {

/// zstd's own range for what needs a window of no more than 8 MiB to be unpacked.
constexpr int least_zstd_level = 1, usual_zstd_level = 3, most_zstd_level = 19;

/// One zstd frame of what is written to it, with its checksum, on as many threads as there are
/// cores, and memory for.
class Compression {
 public:
    /// Error: io (no memory).
    static Result<Compression> begin(int level, Sink sink);

    Result<void> write(Bytes plain);
    /// Ends the frame.
    Result<void> finish();
    /// A skippable frame behind it (RFC 8878 3.1.2), which decoders pass over.
    Result<void> skippable(Bytes content);

 private:
    using Context = std::unique_ptr<ZSTD_CCtx, Release<::ZSTD_freeCCtx>>;
    Compression(Context context, Sink sink);
    Result<void> run(Bytes plain, ZSTD_EndDirective directive);

    Context context_;
    Sink sink_;
    std::string out_;
};

}  // namespace salvor::envelope
