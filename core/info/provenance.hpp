#pragma once

#include "core/info/info.hpp"

// What no record says as such, told from several: each with its evidence.

namespace salvor::info {

/// The line of etcd whose records these are.
std::optional<Known<std::string>> written_by(const Info& info);

/// The cluster's id, recomputed from the members where all were read and they leave no doubt.
std::optional<Known<etcd::ClusterId>> recomputed_cluster_id(const Info& info);

std::optional<TakenAt> taken_at(const Info& info);
/// The same of one cluster: the newest renewTime of so many leases, else when
/// the file was changed. `lease`: which was the newest, if that is to be told.
TakenAt taken_at(std::optional<std::int64_t> last_renewal, std::uint64_t renewals,
                 std::int64_t modified, const std::string& lease = {});

}  // namespace salvor::info
