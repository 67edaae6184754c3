#include <zlib.h>

#include <algorithm>

#include "formats/envelope/codec.hpp"

namespace salvor::envelope {
namespace {

// zlib.h: the largest window, and 16 for gzip's header and trailer, whose CRC is then checked.
constexpr int window = 15, with_gzip = 16;

class Gzip final : public Codec {
 public:
    explicit Gzip(Form form) : form_(form) {
        ready_ = ::inflateInit2(&stream_, form == Form::gzip ? window + with_gzip : window) == Z_OK;
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() override { ::inflateEnd(&stream_); }

    Result<Step> step(Bytes in, char* out, std::size_t room, bool) override {
        if (!ready_) return fail(ErrorCode::io, "zlib could not be set up: no memory");
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out);
        stream_.avail_out = static_cast<uInt>(room);
        const int result = ::inflate(&stream_, Z_NO_FLUSH);
        const Step step{in.size() - stream_.avail_in, room - stream_.avail_out,
                        result == Z_STREAM_END};
        if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) return step;
        return fail(ErrorCode::malformed, "the {} data is damaged: {}", name(form_),
                    stream_.msg ? stream_.msg : "it needs a dictionary");
    }
    void reset() override { ::inflateReset(&stream_); }

 private:
    Form form_;
    z_stream stream_{};
    bool ready_;
};

}  // namespace

std::unique_ptr<Codec> gzip_codec(Form form) {
    return std::make_unique<Gzip>(form);
}

}  // namespace salvor::envelope
