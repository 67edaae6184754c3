#pragma once

#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"

// The .snap files of a member. Source: etcd server/etcdserver/api/snap/snapshotter.go

namespace salvor::snap {

struct SnapFile {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    etcd::ConfState conf_state;
    std::string data;  ///< the v2 store as JSON
};

std::string file_name(std::uint64_t term, std::uint64_t index);  ///< %016x-%016x.snap
/// Errors: malformed (empty, crc mismatch, does not parse).
Result<SnapFile> parse(Bytes bytes);
std::string encode(etcd::Line line, const SnapFile& snap);

/// The v2 store of a cluster that was just restored with these members, in creation order, as that line
/// writes it: tree, event history, counters. Source: etcd server/etcdserver/api/{v2store,membership}
std::string restored_store(etcd::Line line, const std::vector<etcd::Member>& members,
                           const std::optional<std::string>& cluster_version);

}  // namespace salvor::snap
