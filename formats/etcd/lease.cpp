#include "formats/etcd/lease.hpp"

#include "formats/etcd/message.hpp"
#include "formats/etcd/proto/lease.pb.h"

namespace salvor::etcd {

Result<Lease> parse_lease(Bytes value) {
    SALVOR_TRY(const auto message, parse_message<proto::Lease>(value, "leasepb.Lease"));
    return Lease{message.id(), message.ttl(), message.remaining_ttl()};
}

std::string encode_lease(const Lease& lease) {
    proto::Lease message;
    message.set_id(lease.id);
    message.set_ttl(lease.ttl);
    message.set_remaining_ttl(lease.remaining_ttl);
    return message.SerializeAsString();
}

std::optional<std::int64_t> parse_lease_key(Bytes key) {
    if (key.size() != sizeof(std::int64_t)) return {};
    return load_be<std::int64_t>(key.data());
}

}  // namespace salvor::etcd
