#pragma once

#include "formats/envelope/stream.hpp"

namespace salvor::gardener {

/// What Go's compress/lzw packed, LSB first, with literals of 8 bits. Errors come from next():
/// malformed (a code that is not there yet, cut short).
envelope::StreamPtr unlzw(envelope::StreamPtr packed);

}  // namespace salvor::gardener
