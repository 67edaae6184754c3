#include <zstd.h>
#include <zstd_errors.h>

#include "formats/base/release.hpp"
#include "formats/envelope/codec.hpp"

namespace salvor::envelope {
namespace {

class Zstd final : public Codec {
 public:
    Zstd() : context_(::ZSTD_createDCtx()) {
        if (context_)
            ::ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, most_zstd_window_log);
    }

    Result<Step> step(Bytes in, char* out, std::size_t room, bool) override {
        if (!context_) return fail(ErrorCode::io, "libzstd could not be set up: no memory");
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out, room, 0};
        const auto left = ::ZSTD_decompressStream(context_.get(), &to, &from);
        if (!::ZSTD_isError(left)) return Step{from.pos, to.pos, left == 0};
        if (::ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge) {
            return fail(ErrorCode::too_large,
                        "the zstd frame needs a window of more than {} MiB: unpack it with zstd "
                        "-d --long=31",
                        1 << (most_zstd_window_log - 20));
        }
        return fail(ErrorCode::malformed, "the zstd data is damaged: {}",
                    ::ZSTD_getErrorName(left));
    }

 private:
    std::unique_ptr<ZSTD_DCtx, Release<::ZSTD_freeDCtx>> context_;
};

}  // namespace

std::unique_ptr<Codec> zstd_codec() {
    return std::make_unique<Zstd>();
}

}  // namespace salvor::envelope
