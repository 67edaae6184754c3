#pragma once

#include <cstdint>

#include "formats/base/bytes.hpp"

namespace salvor::timeline {

/// With a seed of this process, so that nobody can make keys that meet.
std::uint64_t hash_of(Bytes key);

}  // namespace salvor::timeline
