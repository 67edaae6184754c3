#include "tools/salvor/out_stream.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "formats/text/escape.hpp"
#include "formats/text/go_json.hpp"
#include "formats/text/go_quote.hpp"

namespace salvor::tool {

OutStream::OutStream() : terminal_(::isatty(STDOUT_FILENO) == 1) {
    buffer_.reserve(2 * full);
}

OutStream& OutStream::operator<<(std::uint64_t number) {
    buffer_ += std::to_string(number);
    return *this;
}

OutStream& OutStream::operator<<(std::int64_t number) {
    buffer_ += std::to_string(number);
    return *this;
}

template <class Append>
void OutStream::by_pieces(Bytes bytes, Append&& append) {
    constexpr std::size_t piece = full / 8 * 3;
    while (!bytes.empty()) {
        append(buffer_, bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        flush_when_full();
    }
}

std::string OutStream::shown(Bytes text) const {
    return terminal_ ? text::escape(text) : std::string(text);
}

void OutStream::raw(Bytes bytes) {
    if (terminal_) {
        *this << text::escape(bytes);
    } else if (bytes.size() >= full) {
        flush();
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    } else {
        by_pieces(bytes, [](std::string& out, Bytes piece) { out += piece; });
    }
}

void OutStream::raw_lines(Bytes bytes) {
    if (terminal_) {
        *this << text::escape_message(bytes);
    } else {
        raw(bytes);
    }
}

void OutStream::hex(Bytes bytes) {
    by_pieces(bytes, [](std::string& out, Bytes piece) {
        for (const char c : piece) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    });
}

void OutStream::quoted(Bytes bytes) {
    text::append_go_quoted(buffer_, bytes);
    flush_when_full();
}

void OutStream::json(Bytes text) {
    text::append_go_string(buffer_, text);
    flush_when_full();
}

void OutStream::base64(Bytes bytes) {
    buffer_ += '"';
    by_pieces(bytes, text::append_base64);
    buffer_ += '"';
}

void OutStream::flush() {
    std::fwrite(buffer_.data(), 1, buffer_.size(), stdout);
    buffer_.clear();
}

}  // namespace salvor::tool
