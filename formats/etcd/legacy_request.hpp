#pragma once

#include "formats/etcd/request.hpp"

namespace salvor::etcd {

/// etcdserverpb.Request, a request of the v2 store: what it means for the v3 store. Errors:
/// malformed; unsupported (any but those that set a member's attributes or the cluster's version).
/// Source: etcd server/etcdserver/apply_v2.go v2ToV3Request
Result<RequestBody> parse_legacy_request(Bytes data);

}  // namespace salvor::etcd
