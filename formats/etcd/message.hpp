#pragma once

#include <google/protobuf/message_lite.h>

#include <limits>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::etcd {

/// A message of a rare row. `name` is upstream's, for the Error (malformed).
template <class Message>
Result<Message> parse_message(Bytes bytes, const char* name) {
    Message message;
    const bool fits = bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max());
    if (!fits || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(ErrorCode::malformed, "{} of {} bytes does not parse", name, bytes.size());
    }
    return message;
}

}  // namespace salvor::etcd
