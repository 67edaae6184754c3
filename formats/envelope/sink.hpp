#pragma once

#include <functional>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::envelope {

/// Where the bytes that a layer makes go: the next layer, or a file.
using Sink = std::function<Result<void>(Bytes)>;

}  // namespace salvor::envelope
