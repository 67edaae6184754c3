#pragma once

#include <cstdint>
#include <optional>

#include "formats/base/bytes.hpp"

namespace salvor::kube {

/// What a stored value says of when it was written, in whole seconds since 1970. None of these is
/// later than the write itself, but for a clock that is wrong.
struct StoredTimes {
    /// metadata.creationTimestamp, by the apiserver's clock.
    std::optional<std::int64_t> created;
    /// The newest of managedFields, by the apiserver's clock.
    std::optional<std::int64_t> managed;
    /// When deletion was last asked for: deletionTimestamp less the grace period.
    std::optional<std::int64_t> deletion_asked;
    /// A Lease's renewTime, a Node's newest heartbeat: by the clock of who reports.
    std::optional<std::int64_t> reported;
};

/// Out of protobuf without a schema, JSON or CBOR; what does not parse says nothing.
StoredTimes read_times(Bytes value);

}  // namespace salvor::kube
