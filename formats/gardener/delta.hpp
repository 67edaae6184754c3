#pragma once

#include <functional>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::gardener {

/// One key in one revision.
struct Event {
    bool removes = false;
    std::string key, value;
    std::int64_t create_revision = 0, mod_revision = 0, version = 0, lease = 0;
};

/// The events of an unpacked delta, in their order, once its digest was found to be right. Errors:
/// malformed (the digest, the JSON, an event without key or revision), those of `each`.
Result<void> read_delta(Bytes delta, const std::function<Result<void>(const Event&)>& each);

}  // namespace salvor::gardener
