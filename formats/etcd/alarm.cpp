#include "formats/etcd/alarm.hpp"

#include "formats/etcd/message.hpp"
#include "formats/etcd/proto/alarm.pb.h"

namespace salvor::etcd {

const char* name(AlarmType type) {
    switch (type) {
        case AlarmType::none: return "NONE";
        case AlarmType::nospace: return "NOSPACE";
        case AlarmType::corrupt: return "CORRUPT";
    }
    return "UNKNOWN";
}

Result<Alarm> parse_alarm(Bytes key) {
    SALVOR_TRY(const auto message,
               parse_message<proto::AlarmMember>(key, "etcdserverpb.AlarmMember"));
    return Alarm{MemberId{message.member_id()}, static_cast<AlarmType>(message.alarm())};
}

std::string encode_alarm(const Alarm& alarm) {
    proto::AlarmMember message;
    message.set_member_id(number(alarm.member));
    message.set_alarm(static_cast<std::int32_t>(alarm.type));
    return message.SerializeAsString();
}

}  // namespace salvor::etcd
