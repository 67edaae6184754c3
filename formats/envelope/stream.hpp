#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::envelope {

/// Bytes that come block after block, each made when it is asked for: layers are stacked by taking
/// the stream below.
class Stream {
 public:
    virtual ~Stream() = default;
    /// The next bytes, valid until the next call; empty at the end, which comes only where all that
    /// a layer says of itself (checksums, sizes, its own end) was right. The end and an Error come
    /// again however often it is asked.
    Result<Bytes> next();
    /// Bytes given so far, of this layer.
    std::uint64_t given() const { return given_; }

 private:
    /// As next(); it is not asked again once it failed.
    virtual Result<Bytes> make() = 0;

    std::uint64_t given_ = 0;
    std::optional<Error> error_;
};
using StreamPtr = std::unique_ptr<Stream>;

/// Of bytes that outlive it, a map mostly.
StreamPtr stream_of(Bytes bytes);
/// Of a descriptor that outlives it, a pipe mostly; `name` is for the error.
StreamPtr stream_of(int descriptor, std::string name);

/// A stream whose start may be looked at before it is read, and of which a part may be left.
class Peekable final : public Stream {
 public:
    explicit Peekable(StreamPtr below) : below_(std::move(below)) {}
    /// The next `size` bytes, fewer at the end alone. They stay to be read, and are valid until the
    /// next call of any function.
    Result<Bytes> peek(std::size_t size);
    /// Takes `size` bytes that were peeked.
    void skip(std::size_t size);
    /// Takes and gives up to `size` bytes; fewer at the end alone.
    Result<std::string> take(std::size_t size);

 private:
    Result<Bytes> make() override;

    StreamPtr below_;
    std::string held_;
    std::size_t at_ = 0;  ///< within held_
};

/// Reads all that is left, and says whether it is zeros alone.
Result<bool> drain_zeros(Stream& stream);

}  // namespace salvor::envelope
