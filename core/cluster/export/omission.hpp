#pragma once

#include <span>

#include "core/cluster/export/subject.hpp"

namespace salvor::cluster {

/// Why an object is left out: a server, a controller or a kubelet makes it anew.
struct OmissionRule {
    Bytes name;
    Bytes what;  ///< one sentence without a full stop
    bool (*holds)(const Subject& subject, const Surroundings& surroundings);
};

std::span<const OmissionRule> omission_rules();
/// The first rule that holds; nullptr: the object goes out.
const OmissionRule* omission(const Subject& subject, const Surroundings& surroundings);

}  // namespace salvor::cluster
