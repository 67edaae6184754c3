#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/cluster/present.hpp"
#include "core/cluster/times.hpp"
#include "core/snapshot/snapshot.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {

/// What every command that shows Kubernetes' objects is told of how to see them.
struct ClusterOptions {
    std::string source;
    std::int64_t revision = 0;
    std::string at;
    std::string kubernetes_version;
    std::string encryption_config;
    bool show_secrets = false;
};
/// SOURCE, --rev, --at, --kubernetes-version, --encryption-config, --show-secrets.
void add_cluster(CLI::App& app, ClusterOptions& options, Need need = Need::required);
/// The last three of them, for commands of several sources.
void add_view(CLI::App& app, std::string& kubernetes_version, std::string& encryption_config,
              bool& show_secrets);

/// The minor that --kubernetes-version names; nullopt of an empty text. Error: usage.
Result<std::optional<std::uint8_t>> asked_release(const std::string& version);

/// What --at says, in seconds since 1970; nullopt where it says nothing. Error: usage.
Result<std::optional<std::int64_t>> asked_time(const ClusterOptions& options);

/// The last revision not later than a time, by files of one history; says which, and by what it is
/// known. Error: not_found. `at`: the time as it was typed.
Result<std::int64_t> revision_at(const std::vector<cluster::Times>& times, std::int64_t seconds,
                                 const std::string& at);

/// As Cluster::open; a revision that is not there is refused with those that are.
Result<std::unique_ptr<cluster::Cluster>> open_cluster(const bbolt::Database& db,
                                                       const cluster::Options& wanted);

/// A source opened as a Kubernetes cluster; it owns all that the cluster's objects are views into.
class ClusterView {
 public:
    /// Says on stderr what --at came to. Errors: those of Snapshot::open, cluster::Cluster::open
    /// and cluster::Times::read; usage (no such release, no time); not_found (nothing that old).
    /// `foreseen`: cluster::Options::foreseen.
    static Result<ClusterView> open(const ClusterOptions& options,
                                    std::function<bool(Bytes)> foreseen = {});
    /// The same source at another revision. Errors: those of cluster::Cluster::open.
    Result<void> show(const ClusterOptions& options, std::int64_t revision,
                      std::function<bool(Bytes)> foreseen);
    const cluster::Cluster& cluster() const { return *cluster_; }
    const Snapshot& snapshot() const { return *snapshot_; }

 private:
    ClusterView() = default;
    std::unique_ptr<Snapshot> snapshot_;
    std::unique_ptr<kube::at_rest::Config> encryption_;
    std::unique_ptr<cluster::Cluster> cluster_;
};

}  // namespace salvor::tool
