#include "core/cluster/registry_key.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

TEST_CASE("the prefix is what stands before the kube-system namespace") {
    CHECK(cluster::prefix_by_kube_system("/registry/namespaces/kube-system") == Bytes("/registry"));
    CHECK(cluster::prefix_by_kube_system("/kubernetes.io/namespaces/kube-system") ==
          Bytes("/kubernetes.io"));
    CHECK(cluster::prefix_by_kube_system("/namespaces/kube-system") == Bytes(""));
    CHECK_FALSE(cluster::prefix_by_kube_system("/registry/namespaces/kube-system-2"));
    CHECK_FALSE(cluster::prefix_by_kube_system("/registry/pods/kube-system/x"));
}

TEST_CASE("a key below the prefix begins behind its slash") {
    CHECK(cluster::below_prefix("/registry/pods/a/b", "/registry") == Bytes("pods/a/b"));
    CHECK_FALSE(cluster::below_prefix("/registry2/pods/a/b", "/registry"));
    CHECK_FALSE(cluster::below_prefix("/registry", "/registry"));
}

TEST_CASE("a key's resource is kubectl's name for it") {
    CHECK(cluster::resource_of("pods/default/web") == "pods");
    CHECK(cluster::resource_of("minions/node-1") == "nodes");
    CHECK(cluster::resource_of("services/specs/default/kubernetes") == "services");
    CHECK(cluster::resource_of("services/endpoints/default/kubernetes") == "endpoints");
    CHECK(cluster::resource_of("ingress/default/web") == "ingresses");
    CHECK(cluster::resource_of("apiregistration.k8s.io/apiservices/v1.") == "apiservices");
    CHECK(cluster::resource_of("cert-manager.io/certificates/default/web") ==
          "certificates.cert-manager.io");
    CHECK(cluster::resource_of("gateway.networking.k8s.io/gateways/a/b") ==
          "gateways.gateway.networking.k8s.io");
}

TEST_CASE("what an apiserver keeps for itself is no resource") {
    for (const char* below :
         {"masterleases/10.0.0.1", "ranges/serviceips", "peerserverleases/x", "health", "", "/x"}) {
        INFO(below);
        CHECK_FALSE(cluster::resource_of(below));
    }
}

TEST_CASE("a registry's prefixes are found by landmarks, and none lies within another") {
    cluster::Registry registry;
    // A namespace may have the name of a place.
    registry.look_at("/kubernetes.io/secrets/namespaces/kube-system");
    CHECK(registry.prefixes() == std::vector<std::string>{"/kubernetes.io/secrets"});
    registry.look_at("/openshift.io/oauth/clients/openshift-browser-client");
    registry.look_at("/kubernetes.io/namespaces/kube-system");
    registry.look_at("/kubernetes.io/configmaps/namespaces/default");
    registry.look_at("/kubernetes.io/pods/a/b");
    CHECK(registry.prefixes() == std::vector<std::string>{"/kubernetes.io", "/openshift.io"});
    CHECK(registry.below("/kubernetes.io/pods/a/b") == Bytes("pods/a/b"));
    CHECK_FALSE(registry.below("/calico/pods/a/b"));
}
