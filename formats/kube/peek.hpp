#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

// What of a stored object can be told without a schema. FORMAT.md has the layout.

namespace salvor::kube {

/// metadata.uid of a stored object, out of protobuf or JSON; nullopt where it cannot be told.
std::optional<std::string> object_uid(Bytes value);

/// spec.renewTime of a stored coordination.k8s.io Lease, in seconds since 1970; protobuf alone.
std::optional<std::int64_t> lease_renew_time(Bytes value);

}  // namespace salvor::kube
