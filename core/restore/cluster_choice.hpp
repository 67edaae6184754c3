#pragma once

#include "core/restore/wishes.hpp"

namespace salvor::restore {

struct ClusterChoice {
    std::vector<Peer> peers;
    std::vector<std::string> names;  ///< which of them to build
    std::vector<etcd::Member> left_out;
};
/// Whose data directories are to be built, out of flags, manifest and what the backup knows of
/// itself. Errors: usage, refused, not_found.
Result<ClusterChoice> choose_cluster(const Source& source, const Wishes& wishes);

}  // namespace salvor::restore
