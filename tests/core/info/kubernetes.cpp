#include "core/info/kubernetes.hpp"

#include <openssl/evp.h>

#include <array>
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

/// As the server writes it with aescbc, whose key is 32 zero bytes: mark, vector, blocks.
std::string encrypted(const std::string& plain) {
    const std::array<unsigned char, 32> key{};
    const std::string vector(16, 'v');
    std::string blocks(plain.size() + 16, '\0');
    auto* const to = reinterpret_cast<unsigned char*>(blocks.data());
    const auto bytes = [](const std::string& text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    int size = 0, rest = 0;
    auto* const context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), nullptr, key.data(), bytes(vector));
    EVP_EncryptUpdate(context, to, &size, bytes(plain), static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context, to + size, &rest);
    EVP_CIPHER_CTX_free(context);
    blocks.resize(static_cast<std::size_t>(size + rest));
    return "k8s:enc:aescbc:v1:key1:" + vector + blocks;
}

constexpr Bytes configuration =
    "{kind: EncryptionConfiguration, apiVersion: apiserver.config.k8s.io/v1, resources: "
    "[{resources: "
    "[nodes], providers: [{aescbc: {keys: [{name: key1, secret: "
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=}]}}]}]}";

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

TEST_CASE("a node that is encrypted at rest says what runs it once there is a configuration") {
    const auto value = encrypted(node("v1.30.1+k3s1", "Debian"));
    const auto config = kube::at_rest::Config::parse(configuration);
    REQUIRE(config);
    for (const bool opens : {true, false}) {
        info::KubernetesCount count("/registry", opens ? &*config : nullptr);
        count.take("minions/a", value);
        const auto cluster = count.finish();
        CHECK(cluster.encrypted == 1);
        CHECK(cluster.distribution.has_value() == opens);
        CHECK(cluster.kubelets.size() == (opens ? 1 : 0));
    }
}
