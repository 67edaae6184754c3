#pragma once

#include "core/cluster/times.hpp"
#include "tools/salvor/cluster_view.hpp"

namespace salvor::tool {

/// Several snapshots of one cluster, which tell one history.
struct ClusterViews {
    std::vector<std::string> sources;
    std::vector<ClusterView> views;
    std::vector<cluster::Times> times;  ///< of each, in order, once they are read

    /// Each at its head, in the order given. Errors: those of ClusterView::open; refused (no common
    /// history).
    static Result<ClusterViews> open(const std::vector<std::string>& sources,
                                     const ClusterOptions& options);
    /// Once, whoever asks first.
    Result<void> read_times();
    /// The one whose head is the highest revision.
    std::size_t newest() const;
    void put_newest_first();
    /// The revision that --rev or --at asks for, else the newest; says on stderr how --at was
    /// found. Errors: usage, not_found.
    Result<std::int64_t> asked_revision(const ClusterOptions& options);
    /// One that has the state at a revision. Error: refused, with the states that there are.
    Result<std::size_t> holder_of(std::int64_t revision) const;
};

/// --with: other snapshots of SOURCE's cluster.
void add_with(CLI::App& app, std::vector<std::string>& others);

/// Of SOURCE and `others` the one that has the state that --rev or --at asks for, else the newest;
/// says on stderr which. `foreseen`: cluster::Options::foreseen.
Result<ClusterView> open_among(const ClusterOptions& options,
                               const std::vector<std::string>& others,
                               std::function<bool(Bytes)> foreseen);

}  // namespace salvor::tool
