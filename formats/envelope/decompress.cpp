#include "formats/envelope/decompress.hpp"

#include <algorithm>

#include "formats/envelope/codec.hpp"

namespace salvor::envelope {
namespace {

constexpr std::size_t room = 256 << 10;
constexpr std::size_t frame_head = 8;

bool is_skippable(Bytes head) {
    return head.size() >= frame_head &&
           (load_le<std::uint32_t>(head.data()) & 0xfffffff0) == 0x184d2a50;
}

/// Members or frames, one behind the other, each by the same decoder.
class Decompressed final : public Stream {
 public:
    Decompressed(Form form, std::unique_ptr<Codec> codec, StreamPtr packed, SkippableSink skippable)
        : form_(form),
          codec_(std::move(codec)),
          packed_(std::move(packed)),
          skippable_(std::move(skippable)),
          buffer_(room, '\0') {}

 private:
    Result<Bytes> make() override;
    Result<bool> begins_another();
    Result<void> pass_skippable();
    Result<void> check_ratio(std::size_t made) const;

    Form form_;
    std::unique_ptr<Codec> codec_;
    Peekable packed_;
    SkippableSink skippable_;
    std::string buffer_;
    std::uint64_t taken_ = 0;
    bool within_ = false;  ///< a member was begun and has not ended
    bool ended_ = false;
    std::uint64_t members_ = 0;
};

Result<Bytes> Decompressed::make() {
    while (!ended_) {
        if (!within_) {
            SALVOR_TRY(const bool another, begins_another());
            if (!another) break;
        }
        SALVOR_TRY(const auto some, packed_.peek(1));
        SALVOR_TRY(const auto in, packed_.peek(some.empty() ? 1 : room));
        const bool last = in.size() < room;
        SALVOR_TRY(const auto step, codec_->step(in, buffer_.data(), buffer_.size(), last));
        packed_.skip(step.taken);
        taken_ += step.taken;
        if (step.ended) {
            within_ = false;
            ++members_;
        } else if (step.taken == 0 && step.made == 0 && last) {
            return fail(ErrorCode::malformed,
                        "the {} data is cut short: it ends after {} bytes, within a stream",
                        name(form_), taken_);
        }
        SALVOR_CHECK(check_ratio(step.made));
        if (step.made > 0) return Bytes(buffer_.data(), step.made);
    }
    ended_ = true;
    return Bytes{};
}

/// Whether another member stands here; false at the end.
Result<bool> Decompressed::begins_another() {
    for (;;) {
        SALVOR_TRY(const auto head, packed_.peek(form_head));
        if (head.empty() && members_ > 0) return false;
        if (form_ == Form::zstd && is_skippable(head)) {
            SALVOR_CHECK(pass_skippable());
            continue;
        }
        if (members_ > 0 && (form_of(head) != form_ || form_ == Form::zlib)) {
            return fail(ErrorCode::malformed,
                        "something that is no {} stands behind the {} data, which ends at byte {} "
                        "of it: `head -c {}` leaves it off",
                        name(form_), name(form_), taken_, taken_);
        }
        if (members_ > 0) codec_->reset();
        within_ = true;
        return true;
    }
}

Result<void> Decompressed::pass_skippable() {
    SALVOR_TRY(const auto head, packed_.take(frame_head));
    Skippable frame{load_le<std::uint32_t>(head.data()) & 15, {}};
    std::uint64_t left = load_le<std::uint32_t>(head.data() + 4);
    taken_ += frame_head + left;
    ++members_;
    while (left > 0) {
        SALVOR_TRY(const auto some, packed_.take(std::min<std::uint64_t>(left, room)));
        if (some.empty()) {
            return fail(ErrorCode::malformed,
                        "the zstd data is cut short: {} bytes of a skippable frame are missing",
                        left);
        }
        left -= some.size();
        if (frame.content.size() + some.size() <= most_skippable) frame.content += some;
    }
    if (skippable_) skippable_(std::move(frame));
    return {};
}

Result<void> Decompressed::check_ratio(std::size_t made) const {
    const auto out = given() + made;
    if (out <= ratio_free || out / most_ratio <= taken_) return {};
    return fail(ErrorCode::too_large,
                "{} bytes of {} came to more than {} GiB, over {} times as much: no snapshot packs "
                "like that; unpack it by hand if it is one",
                taken_, name(form_), ratio_free >> 30, most_ratio);
}

}  // namespace

StreamPtr decompress(Form form, StreamPtr packed, SkippableSink skippable) {
    if (form == Form::bzip2 || form == Form::lz4) return filtered(form, std::move(packed));
    auto codec = form == Form::zstd ? zstd_codec()
                 : form == Form::xz ? xz_codec()
                                    : gzip_codec(form);
    return std::make_unique<Decompressed>(form, std::move(codec), std::move(packed),
                                          std::move(skippable));
}

}  // namespace salvor::envelope
