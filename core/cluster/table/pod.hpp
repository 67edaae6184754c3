#pragma once

#include <optional>
#include <string>

#include "formats/kube/special.hpp"
#include "formats/kube/value.hpp"

namespace salvor::table {

/// What kubectl says of a Pod in one line.
/// Source: kubernetes pkg/printers/internalversion/printers.go printPod
struct PodSummary {
    std::size_t ready = 0, containers = 0;
    std::string status;
    std::int64_t restarts = 0;
    std::optional<kube::Instant> last_restart;  ///< where a restart has a time
};

/// As the apiserver of a release (the minor of 1.x) tells it.
PodSummary summary_of(const kube::Value& pod, std::uint8_t release);

}  // namespace salvor::table
