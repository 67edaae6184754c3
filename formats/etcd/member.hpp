#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::etcd {

enum class MemberId : std::uint64_t {};
enum class ClusterId : std::uint64_t {};
constexpr std::uint64_t number(MemberId id) {
    return static_cast<std::uint64_t>(id);
}
constexpr std::uint64_t number(ClusterId id) {
    return static_cast<std::uint64_t>(id);
}
/// Lower-case hex without leading zeros, as in member keys and in `member list`.
std::string to_string(MemberId id);
std::string to_string(ClusterId id);
std::optional<MemberId> parse_member_id(Bytes text);

/// A row of the `members` bucket: key is the id in hex, value this as JSON.
/// Source: etcd server/etcdserver/api/membership/member.go
struct Member {
    MemberId id{};
    std::vector<std::string> peer_urls;
    bool is_learner = false;
    std::string name;                      ///< empty: not yet started
    std::vector<std::string> client_urls;  ///< empty: not yet started
};
Result<Member> parse_member(Bytes json);
/// Byte for byte as Go's encoding/json gives it: id, peerURLs (null where there are none),
/// isLearner, name, clientURLs; of the last three, empty ones are left out.
std::string encode_member(const Member& member);

/// The value of a row of `members_removed`.
inline constexpr Bytes removed_mark = "removed";

/// First 8 bytes of SHA-1 over the sorted URLs and the token; of a member that was there at
/// bootstrap.
MemberId member_id(std::vector<std::string> peer_urls, Bytes token);
/// First 8 bytes of SHA-1 over the ids, ascending, big-endian.
ClusterId cluster_id(std::vector<MemberId> members);

}  // namespace salvor::etcd
