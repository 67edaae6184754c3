#include <lzma.h>

#include "formats/envelope/codec.hpp"

namespace salvor::envelope {
namespace {

const char* words(lzma_ret result) {
    switch (result) {
        case LZMA_FORMAT_ERROR: return "what follows is no xz stream";
        case LZMA_OPTIONS_ERROR: return "it uses what this liblzma does not know";
        case LZMA_DATA_ERROR: return "its data or a check does not fit";
        case LZMA_MEM_ERROR: return "no memory";
        default: return "it is cut short";
    }
}

/// Streams and the padding between them are liblzma's to tell apart (LZMA_CONCATENATED).
class Xz final : public Codec {
 public:
    Xz() { ready_ = ::lzma_stream_decoder(&stream_, most_xz_memory, LZMA_CONCATENATED) == LZMA_OK; }
    Xz(const Xz&) = delete;
    Xz& operator=(const Xz&) = delete;
    ~Xz() override { ::lzma_end(&stream_); }

    Result<Step> step(Bytes in, char* out, std::size_t room, bool last) override {
        if (!ready_) return fail(ErrorCode::io, "liblzma could not be set up: no memory");
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
        stream_.avail_in = in.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
        stream_.avail_out = room;
        const auto result = ::lzma_code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
        const Step step{in.size() - stream_.avail_in, room - stream_.avail_out,
                        result == LZMA_STREAM_END};
        if (result == LZMA_OK || result == LZMA_STREAM_END) return step;
        // Its last word may come with bytes, and comes again without.
        if (result == LZMA_BUF_ERROR && (step.made > 0 || !last)) return step;
        if (result == LZMA_MEMLIMIT_ERROR) {
            return fail(ErrorCode::too_large,
                        "the xz stream needs {} MiB of memory, more than {}: unpack it with xz -d",
                        ::lzma_memusage(&stream_) >> 20, most_xz_memory >> 20);
        }
        return fail(ErrorCode::malformed, "the xz data is damaged: {}", words(result));
    }

 private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ready_;
};

}  // namespace

std::unique_ptr<Codec> xz_codec() {
    return std::make_unique<Xz>();
}

}  // namespace salvor::envelope
