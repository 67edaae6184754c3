#include "core/info/kubernetes.hpp"

#include <catch2/catch.hpp>

using namespace salvor;
using namespace std::string_literals;

namespace {

/// A length-delimited field of less than 128 bytes.
std::string field(char number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string node(const std::string& kubelet, const std::string& os_image,
                 const std::string& provider = {}) {
    const auto info = field(7, field(5, os_image) + field(7, kubelet));
    return "k8s\0"s + field(1, field(1, "v1") + field(2, "Node")) +
           field(2, field(1, "") + field(2, field(3, provider)) + field(3, info));
}

std::string distribution_of(std::initializer_list<std::pair<std::string, std::string>> objects) {
    info::KubernetesCount count("/registry");
    for (const auto& [below, value] : objects) count.take(below, value);
    const auto cluster = count.finish();
    return cluster.distribution ? cluster.distribution->value : "";
}

}  // namespace

TEST_CASE("a distribution is told by its marks, the surest of them") {
    CHECK(distribution_of({{"minions/a", node("v1.30.1+k3s1", "Debian")}}) == "k3s");
    CHECK(distribution_of({{"minions/a", node("v1.30.1+rke2r1", "Debian")}}) == "RKE2");
    CHECK(distribution_of({{"minions/a", node("v1.30.1", "Debian", "kind://docker/a")},
                           {"configmaps/kube-system/kubeadm-config", ""}}) == "kind");
    CHECK(distribution_of({{"configmaps/kube-system/kubeadm-config", ""}}) == "kubeadm");
    CHECK(distribution_of({{"config.openshift.io/clusterversions/version",
                            R"({"status":{"desired":{"version":"4.18.2"}}})"}}) ==
          "OpenShift 4.18.2");
    CHECK(distribution_of({{"minions/a", node("v1.30.1", "Debian")}}) == "");
}

TEST_CASE("a cluster is Talos' where all of its nodes run it") {
    const auto talos = node("v1.36.0", "Talos (v1.11.2)");
    CHECK(distribution_of({{"minions/a", talos}, {"minions/b", talos}}) == "Talos");
    CHECK(distribution_of({{"minions/a", talos}, {"minions/b", node("v1.36.0", "Debian")}}) == "");
}

TEST_CASE("the release is that of the newest kubelet where no apiserver tells its own") {
    info::KubernetesCount count("/registry");
    count.take("minions/a", node("v1.9.11", "Debian"));
    count.take("minions/b", node("v1.28.2", "Debian"));
    const auto cluster = count.finish();
    REQUIRE(cluster.version);
    CHECK(cluster.version->value == "1.28");
    CHECK(cluster.version->evidence == "the newest kubelet, v1.28.2 of node b");
    CHECK(cluster.kubelets.size() == 2);
}
