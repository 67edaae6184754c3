#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::kube {

/// What of a stored protobuf message's ObjectMeta is asked for without a look at the rest. Field 1
/// of every kind's message. Source: apimachinery pkg/apis/meta/v1/generated.proto
struct Metadata {
    Bytes name;
    Bytes namespace_name;
    Bytes uid;
    std::vector<std::pair<Bytes, Bytes>> labels;
    std::vector<Bytes> owner_uids;  ///< of ownerReferences
};
/// Error: malformed.
Result<Metadata> read_metadata(Bytes message);

/// Of a stored value's managedFields the name of whoever wrote last; empty where none is told. It
/// is a name that a client chose, no identity.
std::string last_manager(Bytes value);

}  // namespace salvor::kube
