#pragma once

#include "core/cluster/changes.hpp"
#include "core/report/html.hpp"
#include "core/timeline/state.hpp"

// What a page shows of a snapshot without Kubernetes.

namespace salvor::report {

/// Its live keys, and each one's value: text as it is, other bytes in hex, of long ones the
/// beginning. A value that looks like an object of Kubernetes is redacted.
void add_keys(HtmlPage& page, const timeline::State& state);
/// What happened to its keys. Errors: malformed, too_large.
Result<void> add_key_events(HtmlPage& page, const bbolt::Database& db);
/// Of long texts in it leaves the beginning.
void shorten(cluster::Changes& changes);

}  // namespace salvor::report
