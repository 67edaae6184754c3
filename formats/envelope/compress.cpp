#include "formats/envelope/compress.hpp"

#include <algorithm>
#include <thread>

namespace salvor::envelope {
namespace {

/// What a thread takes at a time; at the highest levels zstd itself makes it a window's 8 MiB.
constexpr int job_size = 4 << 20;

/// So many that zstd's own memory stays below 100 MiB: a thread has three jobs in hand, and of its
/// own 4 MiB at level 5, 13 at 9, 25 at 11, up to 81. Source: ZSTD_estimateCCtxSize of zstd 1.5.4
int threads_for(int level) {
    const int most = level <= 8 ? 5 : level == 9 ? 4 : level <= 11 ? 2 : 1;
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    return std::clamp(cores, 1, most);
}

}  // namespace

Compression::Compression(Context context, Sink sink)
    : context_(std::move(context)), sink_(std::move(sink)), out_(::ZSTD_CStreamOutSize(), '\0') {}

Result<Compression> Compression::begin(int level, Sink sink) {
    Context context(::ZSTD_createCCtx());
    if (!context) return fail(ErrorCode::io, "libzstd could not be set up: no memory");
    ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    // A libzstd without threads says no, and compresses here.
    ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_nbWorkers, threads_for(level));
    ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_jobSize, job_size);
    return Compression(std::move(context), std::move(sink));
}

Result<void> Compression::write(Bytes plain) {
    return run(plain, ZSTD_e_continue);
}

Result<void> Compression::finish() {
    return run({}, ZSTD_e_end);
}

Result<void> Compression::run(Bytes plain, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{plain.data(), plain.size(), 0};
    for (;;) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const auto left = ::ZSTD_compressStream2(context_.get(), &out, &in, directive);
        if (::ZSTD_isError(left))
            return fail(ErrorCode::io, "libzstd: {}", ::ZSTD_getErrorName(left));
        if (out.pos > 0) SALVOR_CHECK(sink_(Bytes(out_.data(), out.pos)));
        if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
}

Result<void> Compression::skippable(Bytes content) {
    constexpr std::uint32_t magic = 0x184d2a50;
    std::string head(8, '\0');
    store_le<std::uint32_t>(head.data(), magic);
    store_le<std::uint32_t>(head.data() + 4, static_cast<std::uint32_t>(content.size()));
    SALVOR_CHECK(sink_(head));
    return sink_(content);
}

}  // namespace salvor::envelope
