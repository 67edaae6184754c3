#pragma once

#include <string>

#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"

namespace salvor::etcd {

enum class AlarmType { none = 0, nospace = 1, corrupt = 2 };
const char* name(AlarmType type);  ///< NONE, NOSPACE, CORRUPT

/// A row of the `alarm` bucket: the key is the message, the value is empty.
/// Source: etcd server/storage/schema/alarm.go
struct Alarm {
    MemberId member{};
    AlarmType type = AlarmType::none;
};
Result<Alarm> parse_alarm(Bytes key);

}  // namespace salvor::etcd
