#pragma once

#include <vector>

#include "core/query/pattern.hpp"
#include "core/timeline/rows.hpp"

namespace salvor::query {

/// The rows whose bytes may hold what is searched for, in their order, found by a look at the bytes
/// alone: the pattern's, JSON that escapes what no server escapes, CBOR, and what is encrypted.
/// Several threads look at once. Errors: malformed.
Result<std::vector<timeline::RowPosition>> rows_that_may_match(const bbolt::Database& db,
                                                               const Pattern& pattern);

}  // namespace salvor::query
