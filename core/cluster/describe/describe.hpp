#pragma once

#include "core/cluster/describe/kind.hpp"

namespace salvor::describe {

/// Whether kubectl of that release has a layout for the object's kind: it then reads its newest
/// version, and prints every other object as the server prefers to serve it.
bool has_own_layout(const kube::Value& object, std::uint8_t release);

/// The object as kubectl describe has it, Events about it among that: lines whose cells have tabs
/// between.
std::string description(const Subject& subject);

}  // namespace salvor::describe
