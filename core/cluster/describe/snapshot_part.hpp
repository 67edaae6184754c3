#pragma once

#include "core/cluster/describe/kind.hpp"
#include "core/cluster/history.hpp"

namespace salvor::describe {

/// What a file tells of an object beyond what a server would: where and how it is stored, owners
/// and dependents, what it names and whether that is there, the revisions that are kept.
std::string snapshot_part(const Subject& subject, const cluster::Object& object,
                          const cluster::History& history, const cluster::Times& times);

}  // namespace salvor::describe
