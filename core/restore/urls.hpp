#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/restore/restore.hpp"

// Peer URLs and the initial cluster as etcd's own options spell them.
// Source: etcd client/pkg/types/{urls,urlsmap}.go

namespace salvor::restore {

/// A comma list, spaces around each allowed; schemes in lower case, sorted. Error: usage, in
/// upstream's words.
Result<std::vector<std::string>> parse_peer_urls(std::string_view list);

/// `m1=http://10.0.0.1:2380,m2=...`; a name with several URLs stands several times. By name,
/// ascending.
Result<std::vector<Peer>> parse_initial_cluster(std::string_view text);
std::string initial_cluster(const std::vector<Peer>& peers);

std::string joined(const std::vector<std::string>& parts, std::string_view by);

}  // namespace salvor::restore
