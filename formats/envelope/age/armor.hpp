#pragma once

#include "formats/envelope/stream.hpp"

namespace salvor::envelope::age {

/// The bytes within an armored file: PEM, strictly. Error of next(): malformed, `age armor: ...`.
StreamPtr unarmored(StreamPtr armored);

}  // namespace salvor::envelope::age
