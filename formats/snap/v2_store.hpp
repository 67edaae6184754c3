#pragma once

#include <string>
#include <vector>

#include "formats/etcd/member.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::snap {

/// The v2 store of a cluster that was just restored, as that line writes it: tree, event history,
/// counters. The members come in the order in which they were created. Up to 3.5 that is ascending
/// by id; 3.6 and 3.7 walk a Go map, which up to eight members is the order of --initial-cluster,
/// begun anywhere. Source: etcd server/etcdserver/api/{v2store,membership}
std::string restored_store(etcd::Line line, const std::vector<etcd::Member>& members);

}  // namespace salvor::snap
