#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"

namespace salvor::snap {

/// What a member's etcd takes from the v2 store of the .snap file that it starts from: the members
/// and the cluster version up to 3.5, up to 3.6 also whether users' keys are in it.
struct V2Content {
    std::vector<etcd::Member> members;     ///< in the order of the file
    std::vector<std::string> unreadable;   ///< a member each, and why etcd ends with a panic on it
    std::optional<std::string> version;    ///< of the cluster, as stored
    std::optional<std::string> users_key;  ///< the path of a key that a user of the v2 API made
};

/// Reads the store's JSON as Go does: what is unknown is passed over, a null sets nothing, and a
/// store without Root is the empty one. The text is not copied but for what V2Content holds.
/// Errors: malformed; etcd then ends with a panic.
/// Source: etcd server/etcdserver/api/v2store/{store,node}.go, api/membership/storev2.go
Result<V2Content> parse_v2_store(Bytes json);

}  // namespace salvor::snap
