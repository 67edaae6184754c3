#pragma once

#include <optional>

#include "formats/base/bytes.hpp"

namespace salvor {

/// What a file is packed or encrypted in, and what to do first.
struct Packing {
    Bytes start;
    const char* what;  ///< "gzip"
    const char* undo = "unpack";
};

/// By the file's first bytes; nullopt where they are no packer's.
std::optional<Packing> packing_of(Bytes file);

}  // namespace salvor
