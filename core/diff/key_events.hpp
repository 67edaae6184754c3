#pragma once

#include "core/diff/event.hpp"

namespace salvor::diff {

/// What happened in a database without Kubernetes: the history of all its keys, in the order of
/// revisions, with the values as RawValues shows them. No event has a time. Errors: malformed,
/// too_large.
Result<void> tell_key_events(const bbolt::Database& db,
                             const std::function<void(const Event&)>& take,
                             const std::function<void(const Gap&)>& take_gap);

}  // namespace salvor::diff
