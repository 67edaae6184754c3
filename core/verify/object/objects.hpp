#pragma once

#include <vector>

#include "core/cluster/registry_key.hpp"
#include "core/timeline/rows.hpp"
#include "core/verify/collector.hpp"

// What Kubernetes stored: each object is decoded by its schema and nothing of it built, on two
// threads.

namespace salvor::verify {

/// `live`: where the newest rows of live keys stand, ascending. Returns how many objects of the
/// API they are. Memory: 8 bytes a key and 24 an object.
std::uint64_t check_objects(const bbolt::Database& db, const cluster::Registry& registry,
                            std::vector<timeline::RowPosition> live, const Options& options,
                            Collector& findings);

}  // namespace salvor::verify
