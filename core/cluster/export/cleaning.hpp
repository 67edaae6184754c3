#pragma once

#include <span>

#include "core/cluster/export/subject.hpp"

namespace salvor::cluster {

/// What is taken out of a manifest since a server or a controller sets it, so that it applies
/// again.
struct CleaningRule {
    Bytes name;
    Bytes what;  ///< what is taken out and why; one sentence without a full stop
    bool (*clean)(Subject& subject);  ///< whether anything was
};

/// In the order in which they are used, all of them on each object.
std::span<const CleaningRule> cleaning_rules();

}  // namespace salvor::cluster
