#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/cluster/key_filter.hpp"
#include "core/cluster/present.hpp"
#include "core/diff/diff.hpp"
#include "core/diff/manifests.hpp"

namespace salvor::diff {

/// What differs between the objects of a snapshot and manifests of them: of an object that both
/// have the fields that the manifest states, in the manifest's version. An object of the manifests
/// alone is told as added; one of the snapshot alone, if it is asked for, as removed.
class Drift {
 public:
    struct Options {
        diff::Options comparison;
        /// Where a manifest names no namespace.
        std::string namespace_name = "default";
        /// What only the snapshot has, of the kinds and namespaces that the manifests have: as far
        /// as an export would write it.
        bool prune = false;
    };
    /// The cluster has noted all keys. All must outlive it.
    Drift(const cluster::Cluster& cluster, const Manifests& manifests, const Options& options);

    /// In the order of the manifests; what is only in the snapshot by its keys. Errors: malformed.
    Result<Summary> run(const std::function<void(const Change&)>& take);

 private:
    struct Named;
    Named name(const kube::Value& manifest) const;
    std::optional<etcd::KeyValue> find(const std::string& key) const;
    bool is_selected(const Named& named, const kube::Value& manifest,
                     const cluster::Object* object) const;
    void compare(const kube::Value& manifest);
    void compare_fields(const Named& named, const cluster::Object& object,
                        const kube::Value& manifest, Change& change);
    Result<void> tell_left_over();
    const cluster::Presenter& presenter(const Named& named);
    void tell(const Change& change);

    const cluster::Cluster& cluster_;
    const Manifests& manifests_;
    const Options& options_;
    cluster::KeyFilter selected_;
    cluster::Redactor redactor_;
    std::map<std::string, std::unique_ptr<cluster::Presenter>> presenters_;  ///< by version, kind
    std::set<std::string, std::less<>> keys_;                                ///< of the manifests
    const std::function<void(const Change&)>* take_ = nullptr;
    Summary summary_;
};

}  // namespace salvor::diff
