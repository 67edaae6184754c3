#pragma once

#include <string>

#include "tools/salvor/standin/log.hpp"
#include "tools/salvor/standin/peer_url.hpp"

namespace salvor::tool::standin {

/// Whether a member of this name, advertising these URLs, can start this cluster: empty, or etcd's
/// words on why not. Names are looked up where URLs are not the same to the letter, once each; what
/// is found is logged. Source: etcd server/config/config.go VerifyBootstrap, pkg/netutil
std::string bootstrap_flaw(const std::string& name, const PeerUrls& advertised,
                           const InitialCluster& cluster, const Log& log);

}  // namespace salvor::tool::standin
