#pragma once

#include <array>

#include "core/info/info.hpp"
#include "formats/kube/peek.hpp"

namespace salvor::info {

/// Counts one cluster's live objects, and gathers what they say of the cluster
/// as they pass.
class KubernetesCount {
 public:
    /// `encryption` opens what says something of the cluster; nullptr: that stays shut.
    explicit KubernetesCount(std::string prefix, const kube::at_rest::Config* encryption = nullptr)
        : encryption_(encryption) {
        cluster_.prefix = std::move(prefix);
    }
    const std::string& prefix() const { return cluster_.prefix; }
    /// `below`: the key behind the prefix and its slash.
    void take(Bytes below, Bytes value);
    /// A key outside of the prefix that says whose cluster it is.
    void take_foreign(Bytes key);
    Kubernetes finish();

 private:
    void look_into(Bytes below, Bytes value);
    void take_node(Bytes name, Bytes value);
    void take_lease(Bytes name, Bytes value);
    void take_openshift(Bytes value);
    void mark(std::size_t distribution, std::string name, std::string evidence);

    Kubernetes cluster_;
    const kube::at_rest::Config* encryption_;
    std::uint64_t told_nodes_ = 0;   ///< nodes that say which system they run
    std::uint64_t talos_nodes_ = 0;  ///< of these
    std::string talos_;              ///< osImage and name of the first
    int newest_kubelet_ = -1;        ///< minor
    std::string newest_build_;       ///< of the same kubelet, "v1.36.2"
    int newest_server_ = -1;         ///< minor
    Known<std::string> kubelet_, server_;
    std::array<std::optional<Known<std::string>>, 7> marks_;  ///< the surest first
};

}  // namespace salvor::info
