#pragma once

#include "core/cluster/describe/quantity.hpp"

namespace salvor::describe {

/// What a pod as a whole asks for, and may use at most.
struct PodResources {
    Quantities requests, limits;
};
/// As kubectl's line of one pod of a node has it, and as its sums have it.
PodResources shown_resources(const kube::Value& pod, std::uint8_t release);
PodResources total_resources(const kube::Value& pod, std::uint8_t release);

}  // namespace salvor::describe
