#pragma once

#include <cstdint>
#include <string>

namespace salvor::text {

/// RFC 3339 in UTC, whole seconds: 2026-07-31T23:59:59Z. Times beyond the years 0 to 9999 are
/// clamped to them.
std::string rfc3339(std::int64_t unix_seconds);

}  // namespace salvor::text
