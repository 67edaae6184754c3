#include "formats/text/hex_dump.hpp"

#include <fmt/core.h>

namespace salvor::text {

std::string hex_dump(Bytes bytes, std::uint64_t offset) {
    constexpr std::size_t width = 16;
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += width) {
        const Bytes row = bytes.substr(at, width);
        std::string digits, letters;
        for (const char c : row) {
            const auto byte = static_cast<unsigned char>(c);
            digits += fmt::format("{:02x} ", byte);
            letters += byte >= 0x20 && byte < 0x7f ? c : '.';
        }
        out += fmt::format("{:08x}  {:<{}} {}\n", offset + at, digits, width * 3, letters);
    }
    return out;
}

}  // namespace salvor::text
