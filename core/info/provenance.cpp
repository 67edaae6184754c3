#include "core/info/provenance.hpp"

#include <algorithm>

#include "core/snapshot/cluster_id.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"

namespace salvor::info {
namespace {

std::optional<Known<std::string>> from_version(const std::optional<std::string>& text,
                                               const char* record) {
    const auto version = text ? etcd::parse_version(*text) : std::nullopt;
    if (!version) return {};
    return Known<std::string>{fmt::format("{}.{}", version->major, version->minor),
                              fmt::format("{} {}", record, etcd::to_string(*version))};
}

}  // namespace

std::optional<Known<std::string>> written_by(const Info& info) {
    if (auto known = from_version(info.storage_version, "storageVersion")) return known;
    if (auto known = from_version(info.cluster_version, "clusterVersion")) return known;
    // Without either it is a cluster that had not yet agreed on its version.
    if (info.term || info.conf_state) {
        return Known<std::string>{"3.5 or later",
                                  "meta has term or confState, which 3.4 does not write"};
    }
    if (info.consistent_index)
        return Known<std::string>{"3.4", "meta has neither term nor confState"};
    return {};
}

std::optional<Known<etcd::ClusterId>> recomputed_cluster_id(const Info& info) {
    if (!info.is_whole(etcd::buckets::members) || !info.is_whole(etcd::buckets::members_removed))
        return {};
    const auto found = cluster_of(info.members, info.removed_members);
    if (!found) return {};
    return Known<etcd::ClusterId>{found->id, found->evidence};
}

TakenAt taken_at(std::optional<std::int64_t> last_renewal, std::uint64_t renewals,
                 std::int64_t modified, const std::string& lease) {
    if (last_renewal) {
        return {*last_renewal, TakenAt::Certainty::not_before,
                fmt::format("the newest renewTime of {} Kubernetes leases,{} by "
                            "the clocks of their "
                            "holders",
                            renewals,
                            lease.empty() ? "" : fmt::format(" that of {},", text::escape(lease)))};
    }
    return {modified, TakenAt::Certainty::weak,
            "the file's modification time, which a copy may change"};
}

std::optional<TakenAt> taken_at(const Info& info) {
    const Kubernetes* newest = nullptr;
    for (const auto& cluster : info.kubernetes) {
        if (cluster.last_renewal && (!newest || *newest->last_renewal < *cluster.last_renewal))
            newest = &cluster;
    }
    return taken_at(newest ? newest->last_renewal : std::nullopt, newest ? newest->renewals : 0,
                    info.modified, newest ? newest->last_renewed : std::string());
}

}  // namespace salvor::info
