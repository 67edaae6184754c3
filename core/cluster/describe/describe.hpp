#pragma once

#include "core/cluster/describe/kind.hpp"

namespace salvor::describe {

/// The object as kubectl describe has it, Events about it among that: lines whose cells have tabs
/// between.
std::string description(const Subject& subject);

}  // namespace salvor::describe
