#pragma once

#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::tool {

/// stdout for long answers: gathered into large writes, never the whole answer in memory. What
/// could not be written is noticed where the process ends.
class OutStream {
 public:
    OutStream();
    OutStream(const OutStream&) = delete;
    OutStream& operator=(const OutStream&) = delete;
    ~OutStream() { flush(); }

    OutStream& operator<<(Bytes text) {
        buffer_ += text;
        flush_when_full();
        return *this;
    }
    OutStream& operator<<(std::uint64_t number);
    OutStream& operator<<(std::int64_t number);
    /// Stored text as raw() would write it.
    std::string shown(Bytes text) const;
    /// Stored bytes: as they are, but on a terminal with all escaped that would steer it.
    void raw(Bytes bytes);
    /// The same for a text of several lines, whose line feeds stay.
    void raw_lines(Bytes bytes);
    /// `\x6b\x65\x79`
    void hex(Bytes bytes);
    /// As Go's %q.
    void quoted(Bytes bytes);
    /// As a JSON string of Go.
    void json(Bytes text);
    /// As a JSON string of base64.
    void base64(Bytes bytes);
    void flush();

 private:
    void flush_when_full() {
        if (buffer_.size() >= full) flush();
    }
    /// Calls `append(buffer, piece)` for pieces of a size that is a multiple of 3.
    template <class Append>
    void by_pieces(Bytes bytes, Append&& append);

    static constexpr std::size_t full = 1 << 18;
    std::string buffer_;
    bool terminal_;
};

}  // namespace salvor::tool
