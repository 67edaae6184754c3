#pragma once

#include "core/diff/diff.hpp"
#include "core/diff/lineage.hpp"
#include "core/report/diff.hpp"
#include "core/snapshot/snapshot.hpp"
#include "formats/kube/at_rest/config.hpp"

namespace salvor::tool {

/// A source and the revision at which it is looked at: FILE@REV, where no file of that whole name
/// exists.
struct SourceAt {
    std::string path;
    std::int64_t revision = 0;  ///< 0: the last
    bool exists() const;
};
SourceAt source_at(const std::string& word);

/// Two moments, of two sources or of one, opened for a comparison; it owns all that is compared.
class TwoViews {
 public:
    struct Wanted {
        SourceAt before, after;
        std::string kubernetes_version;
        std::string encryption_config;
    };
    /// Errors: those of Snapshot::open and open_cluster, each with the name of its source.
    static Result<TwoViews> open(const Wanted& wanted);

    diff::Side before() const { return {&state(old_), old_.cluster.get()}; }
    diff::Side after() const { return {&state(new_), new_.cluster.get()}; }
    report::DiffHead head() const;
    bool is_kubernetes() const { return old_.cluster && new_.cluster; }

 private:
    struct View {
        SourceAt source;
        std::shared_ptr<Snapshot> snapshot;
        timeline::Moment moment{};
        std::unique_ptr<cluster::Cluster> cluster;
        std::optional<timeline::State> state;  ///< where there is no Kubernetes
    };
    TwoViews() = default;
    Result<void> open_clusters(cluster::Options options, const timeline::Differences& found);
    static const timeline::State& state(const View& view) {
        return view.cluster ? view.cluster->noted() : *view.state;
    }

    std::unique_ptr<kube::at_rest::Config> encryption_;
    View old_, new_;
    diff::Lineage lineage_;
};

}  // namespace salvor::tool
