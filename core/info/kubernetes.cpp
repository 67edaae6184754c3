#include "core/info/kubernetes.hpp"

#include <algorithm>
#include <tuple>

#include "core/cluster/cluster.hpp"
#include "core/cluster/registry_key.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"

namespace salvor::info {
namespace {

/// Resources, namespaces and kubelets' versions of one cluster: beyond any real
/// number.
constexpr std::size_t max_listed = 10'000;

constexpr Bytes kube_system = "namespaces/kube-system";
constexpr Bytes namespaces = "namespaces/";
constexpr Bytes nodes = "minions/";
constexpr Bytes leases = "leases/";
constexpr Bytes kubeadm_config = "configmaps/kube-system/kubeadm-config";
constexpr Bytes openshift_version = "config.openshift.io/clusterversions/version";

/// Which distribution it is, the surest mark first.
enum Distribution : std::size_t { openshift, talos, rke2, k3s, k0s, kind, kubeadm };

/// What distributions put behind the kubelet's version.
struct Build {
    Bytes suffix;
    Distribution distribution;
    const char* name;
};
constexpr Build builds[] = {{"+rke2", rke2, "RKE2"}, {"+k3s", k3s, "k3s"}, {"+k0s", k0s, "k0s"}};

/// "certificates.cert-manager.io": plural and group, which is empty of core.
std::pair<Bytes, Bytes> split_resource(Bytes resource) {
    const auto dot = resource.find('.');
    if (dot == Bytes::npos) return {resource, {}};
    return {resource.substr(0, dot), resource.substr(dot + 1)};
}

}  // namespace

void KubernetesCount::mark(std::size_t distribution, std::string name, std::string evidence) {
    auto& known = marks_[distribution];
    if (!known) known = Known<std::string>{std::move(name), std::move(evidence)};
}

void KubernetesCount::take(Bytes below, Bytes value) {
    const auto resource = cluster::resource_of(below);
    if (!resource) return;
    ++cluster_.objects;
    cluster_.bytes += value.size();
    const bool is_encrypted = kube::encoding_of(value) == kube::Encoding::encrypted;
    if (is_encrypted) ++cluster_.encrypted;
    if (cluster_.resources.size() < max_listed || cluster_.resources.contains(*resource)) {
        auto& counted = cluster_.resources[*resource];
        ++counted.objects;
        counted.bytes += value.size();
    }
    if (below.starts_with(namespaces)) {
        ++cluster_.namespace_count;
        if (cluster_.namespaces.size() < max_listed)
            cluster_.namespaces.emplace_back(below.substr(namespaces.size()));
    }
    if (below == kubeadm_config)
        mark(kubeadm, "kubeadm", "its ConfigMap kube-system/kubeadm-config");
    const bool says_more = below == kube_system || below.starts_with(nodes) ||
                           below.starts_with(leases) || below == openshift_version;
    if (!says_more) return;
    if (!is_encrypted) return look_into(below, value);
    const auto [plural, group] = split_resource(*resource);
    const auto key = cluster_.prefix + "/" + std::string(below);
    const auto opened = encryption_
                            ? encryption_->open(plural, group, key, value)
                            : Result<kube::at_rest::Opened>(fail(ErrorCode::not_found, "no key"));
    look_into(below, opened ? Bytes(opened->plain) : value);
}

/// What is still encrypted says nothing.
void KubernetesCount::look_into(Bytes below, Bytes value) {
    if (below == kube_system) cluster_.kube_system_uid = kube::object_uid(value);
    if (below.starts_with(nodes)) take_node(below.substr(nodes.size()), value);
    if (below.starts_with(leases)) take_lease(below.substr(leases.size()), value);
    if (below == openshift_version) take_openshift(value);
}

void KubernetesCount::take_foreign(Bytes key) {
    if (key.starts_with("/bootstrap/") && !cluster::known_key(key).empty())
        mark(k3s, "k3s or RKE2", "the key below /bootstrap that both of them write");
}

void KubernetesCount::take_node(Bytes name, Bytes value) {
    const auto system = kube::node_system(value);
    if (!system) return;
    const auto& kubelet = system->kubelet_version;
    if (cluster_.kubelets.size() < max_listed && !kubelet.empty()) ++cluster_.kubelets[kubelet];
    const auto node = text::escape(name);
    const int minor = cluster::minor_of(kubelet).value_or(0);
    // Of one minor, the patch: "v1.28.15" is longer than "v1.28.2", and above "v1.28.14".
    const auto newness = std::tuple(minor, kubelet.size(), kubelet);
    if (newness > std::tuple(newest_kubelet_, newest_build_.size(), newest_build_)) {
        newest_kubelet_ = minor;
        newest_build_ = kubelet;
        kubelet_ = {fmt::format("1.{}", minor),
                    fmt::format("the newest kubelet, {} of node {}", text::escape(kubelet), node)};
    }
    for (const auto& build : builds) {
        if (kubelet.find(build.suffix) != std::string::npos)
            mark(build.distribution, build.name,
                 fmt::format("kubelet {} of node {}", text::escape(kubelet), node));
    }
    if (system->provider_id.starts_with("kind://"))
        mark(kind, "kind", fmt::format("providerID of node {}", node));
    if (system->os_image.empty()) return;
    ++told_nodes_;
    if (system->os_image.starts_with("Talos (") && talos_nodes_++ == 0)
        talos_ = fmt::format("osImage {} of node {}", text::escape(system->os_image), node);
}

void KubernetesCount::take_lease(Bytes name, Bytes value) {
    const auto renewed = kube::lease_renew_time(value);
    if (renewed) {
        ++cluster_.renewals;
        if (!cluster_.last_renewal || *cluster_.last_renewal < *renewed) {
            cluster_.last_renewal = renewed;
            cluster_.last_renewed = std::string(name);
        }
    }
    const auto manager = kube::apiserver_of_lease(value);
    constexpr Bytes before_version = "kube-apiserver-";
    if (!manager || !manager->starts_with(before_version)) return;
    const int minor = cluster::minor_of(Bytes(*manager).substr(before_version.size())).value_or(0);
    if (minor <= newest_server_ || minor == 0) return;
    newest_server_ = minor;
    server_ = {fmt::format("1.{}", minor), fmt::format("an apiserver's own lease {}, written by {}",
                                                       text::escape(name), text::escape(*manager))};
}

void KubernetesCount::take_openshift(Bytes value) {
    Bytes version;
    kube::Document document;
    const kube::WantedText wanted[] = {{{"status", "desired", "version"}, &version}};
    if (kube::encoding_of(value) == kube::Encoding::json)
        (void)kube::check_json(value, wanted, document).has_value();
    mark(openshift, version.empty() ? "OpenShift" : "OpenShift " + text::escape(version),
         "its ClusterVersion named version");
}

Kubernetes KubernetesCount::finish() {
    if (talos_nodes_ > 0 && talos_nodes_ == told_nodes_) mark(talos, "Talos", talos_);
    if (newest_server_ >= 0) {
        cluster_.version = std::move(server_);
    } else if (newest_kubelet_ > 0) {
        cluster_.version = std::move(kubelet_);
    }
    for (auto& known : marks_) {
        if (!cluster_.distribution) cluster_.distribution = std::move(known);
    }
    std::sort(cluster_.namespaces.begin(), cluster_.namespaces.end());
    return std::move(cluster_);
}

}  // namespace salvor::info
