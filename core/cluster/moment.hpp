#pragma once

#include <cstdint>
#include <string>

#include "formats/base/result.hpp"
#include "formats/bbolt/database.hpp"

namespace salvor::cluster {

/// The revision that a cluster was at, and how that is known.
struct Moment {
    std::int64_t revision = 0;
    std::string evidence;  ///< a sentence
};

/// The last revision whose best-known time is not later than `seconds` since 1970. A revision is as
/// old as the newest time that an apiserver wrote into any object up to it; no clock but the
/// apiservers' is asked. Reads every row. Errors: not_found (no object is known to be that old),
/// malformed.
Result<Moment> moment_of(const bbolt::Database& db, std::int64_t seconds);

}  // namespace salvor::cluster
