#include "formats/gardener/lzw.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace salvor::gardener {
namespace {

constexpr unsigned literals = 256, clear_code = 256, end_code = 257, first_free = 258;
constexpr unsigned least_width = 9, most_width = 12, most_codes = 1u << most_width;
constexpr std::size_t block = 256 << 10;

class Unlzw final : public envelope::Stream {
 public:
    explicit Unlzw(envelope::StreamPtr packed) : packed_(std::move(packed)) {}

 private:
    Result<Bytes> make() override;
    Result<unsigned> code();
    Result<void> take(unsigned code);
    /// The string of a code, at the end of what was made; its first byte.
    unsigned char append(unsigned code);
    void add(unsigned prefix, unsigned char last);

    envelope::StreamPtr packed_;
    Bytes in_;
    std::uint32_t bits_ = 0;
    unsigned held_ = 0, width_ = least_width;
    std::array<std::uint16_t, most_codes> prefix_{};
    std::array<unsigned char, most_codes> last_{};
    unsigned next_ = first_free;
    std::optional<unsigned> before_;
    std::string made_;
    bool ended_ = false;
};

Result<unsigned> Unlzw::code() {
    while (held_ < width_) {
        if (in_.empty()) {
            SALVOR_TRY(in_, packed_->next());
            if (in_.empty())
                return fail(ErrorCode::malformed, "the LZW data is cut short: it has no end");
        }
        bits_ |= static_cast<std::uint32_t>(static_cast<unsigned char>(in_.front())) << held_;
        in_.remove_prefix(1);
        held_ += 8;
    }
    const auto code = bits_ & ((1u << width_) - 1);
    bits_ >>= width_;
    held_ -= width_;
    return code;
}

unsigned char Unlzw::append(unsigned code) {
    const auto begin = made_.size();
    for (; code >= first_free; code = prefix_[code])
        made_.push_back(static_cast<char>(last_[code]));
    made_.push_back(static_cast<char>(code));
    std::reverse(made_.begin() + static_cast<std::ptrdiff_t>(begin), made_.end());
    return static_cast<unsigned char>(made_[begin]);
}

/// The width grows with the code that the packer adds next, which is one ahead of this table.
void Unlzw::add(unsigned prefix, unsigned char last) {
    if (next_ == most_codes) return;
    prefix_[next_] = static_cast<std::uint16_t>(prefix);
    last_[next_] = last;
    ++next_;
    if (next_ == 1u << width_ && width_ < most_width) ++width_;
}

Result<void> Unlzw::take(unsigned code) {
    if (code == clear_code) {
        width_ = least_width;
        next_ = first_free;
        before_.reset();
        return {};
    }
    const bool is_known = code < literals || (code >= first_free && code < next_);
    const bool is_next = before_ && code == next_ && next_ < most_codes;
    if (!is_known && !is_next)
        return fail(ErrorCode::malformed, "the LZW data is damaged: code {} of {}", code, next_);
    unsigned char first;
    if (is_known) {
        first = append(code);
    } else {
        first = append(*before_);
        made_.push_back(static_cast<char>(first));
    }
    if (before_) add(*before_, first);
    before_ = code;
    return {};
}

Result<Bytes> Unlzw::make() {
    made_.clear();
    while (!ended_ && made_.size() < block) {
        SALVOR_TRY(const auto code, this->code());
        ended_ = code == end_code;
        if (!ended_) SALVOR_CHECK(take(code));
    }
    return Bytes(made_);
}

}  // namespace

envelope::StreamPtr unlzw(envelope::StreamPtr packed) {
    return std::make_unique<Unlzw>(std::move(packed));
}

}  // namespace salvor::gardener
