#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::gardener {

/// What a file's name says. FORMAT.md has the parts.
struct Name {
    enum class Kind : std::uint8_t { full, delta } kind = Kind::full;
    enum class Packing : std::uint8_t { none, gzip, zlib, lzw } packing = Packing::none;
    std::int64_t first = 0, last = 0;  ///< revisions
    std::int64_t taken_at = 0;         ///< seconds since 1970
    bool is_final = false;
};

/// nullopt: it is named otherwise.
std::optional<Name> parse_name(Bytes file_name);

}  // namespace salvor::gardener
