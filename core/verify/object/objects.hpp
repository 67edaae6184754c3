#pragma once

#include <vector>

#include "core/cluster/registry_key.hpp"
#include "core/timeline/rows.hpp"
#include "core/verify/collector.hpp"

// What Kubernetes stored: each object is decoded by its schema and nothing of it built, on two
// threads; whom it names is looked at while it is at hand.

namespace salvor::verify {

/// Whether it is asked if what objects name is there: not of a database of which rows were lost.
enum class References { wanted, unwanted };

struct ObjectsSeen {
    std::uint64_t objects = 0;  ///< of the API
    HostMatches host;
};

/// `live`: where the newest rows of live keys stand, ascending. Error: too_large. Memory: 51 bytes
/// an object at most.
Result<ObjectsSeen> check_objects(const bbolt::Database& db, const cluster::Registry& registry,
                                  std::vector<timeline::RowPosition> live, const Options& options,
                                  References references, Collector& findings);

}  // namespace salvor::verify
