#pragma once

#include <memory>
#include <optional>

#include "formats/envelope/decompress.hpp"

namespace salvor::envelope {

/// One library's decoder: turns some of `in` into some of `out`.
class Codec {
 public:
    struct Step {
        std::size_t taken = 0;  ///< bytes of `in`
        std::size_t made = 0;   ///< bytes in `out`
        bool ended = false;     ///< a member or frame ended here
    };
    virtual ~Codec() = default;
    /// `last`: nothing comes behind `in`. Error: malformed, too_large.
    virtual Result<Step> step(Bytes in, char* out, std::size_t room, bool last) = 0;
    /// After a member ended and before another begins.
    virtual void reset() {}
};
std::unique_ptr<Codec> gzip_codec(Form form);
std::unique_ptr<Codec> zstd_codec();
std::unique_ptr<Codec> xz_codec();

/// bzip2 and lz4, through libarchive's filters.
StreamPtr filtered(Form form, StreamPtr packed);

}  // namespace salvor::envelope
