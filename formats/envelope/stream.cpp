#include "formats/envelope/stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace salvor::envelope {
namespace {

constexpr std::size_t block = 256 << 10;

class OfBytes final : public Stream {
 public:
    explicit OfBytes(Bytes bytes) : bytes_(bytes) {}

 private:
    Result<Bytes> make() override {
        const auto taken = bytes_.substr(0, block);
        bytes_.remove_prefix(taken.size());
        return taken;
    }

    Bytes bytes_;
};

class OfDescriptor final : public Stream {
 public:
    OfDescriptor(int descriptor, std::string name)
        : descriptor_(descriptor), name_(std::move(name)), buffer_(block, '\0') {}

 private:
    Result<Bytes> make() override {
        ssize_t got;
        do got = ::read(descriptor_, buffer_.data(), buffer_.size());
        while (got < 0 && errno == EINTR);
        if (got < 0) return fail_errno(errno, "read", name_);
        return Bytes(buffer_.data(), static_cast<std::size_t>(got));
    }

    int descriptor_;
    std::string name_;
    std::string buffer_;
};

}  // namespace

Result<Bytes> Stream::next() {
    if (error_) return std::unexpected(*error_);
    auto made = make();
    if (made) {
        given_ += made->size();
    } else {
        error_ = made.error();
    }
    return made;
}

StreamPtr stream_of(Bytes bytes) {
    return std::make_unique<OfBytes>(bytes);
}

StreamPtr stream_of(int descriptor, std::string name) {
    return std::make_unique<OfDescriptor>(descriptor, std::move(name));
}

Result<Bytes> Peekable::peek(std::size_t size) {
    if (held_.size() - at_ < size) {
        held_.erase(0, at_);
        at_ = 0;
    }
    while (held_.size() - at_ < size) {
        SALVOR_TRY(const auto more, below_->next());
        if (more.empty()) break;
        held_ += more;
    }
    return Bytes(held_).substr(at_, size);
}

Result<Bytes> Peekable::make() {
    if (at_ == held_.size()) return below_->next();
    const auto rest = Bytes(held_).substr(at_);
    at_ = held_.size();
    return rest;
}

void Peekable::skip(std::size_t size) {
    at_ += std::min(size, held_.size() - at_);
}

Result<std::string> Peekable::take(std::size_t size) {
    SALVOR_TRY(const auto bytes, peek(size));
    std::string taken(bytes);
    skip(taken.size());
    return taken;
}

Result<bool> drain_zeros(Stream& stream) {
    bool zeros = true;
    for (;;) {
        SALVOR_TRY(const auto bytes, stream.next());
        if (bytes.empty()) return zeros;
        zeros = zeros && bytes.find_first_not_of('\0') == Bytes::npos;
    }
}

}  // namespace salvor::envelope
