#pragma once

#include <cstdint>

#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"

namespace salvor::etcd {

/// A stored number that etcd has no name for stays what it is.
enum class AlarmType : std::int32_t { none = 0, nospace = 1, corrupt = 2 };
const char* name(AlarmType type);  ///< NONE, NOSPACE, CORRUPT, else UNKNOWN

/// A row of the `alarm` bucket: the key is the message, the value is empty.
/// Source: etcd server/storage/schema/alarm.go
struct Alarm {
    MemberId member{};
    AlarmType type = AlarmType::none;
};
Result<Alarm> parse_alarm(Bytes key);  ///< errors: malformed
std::string encode_alarm(const Alarm& alarm);

}  // namespace salvor::etcd
