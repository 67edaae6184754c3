#include "core/restore/manifest.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/temporary_directory.hpp"

using namespace salvor;
using restore::Manifest;

namespace {

/// A pod with this container of name etcd, and /var/lib/etcd on the host at /host/etcd.
std::string pod(const std::string& container) {
    return "kind: Pod\nspec:\n  containers:\n  - name: etcd\n" + container +
           "    volumeMounts: [{name: data, mountPath: /var/lib/etcd}]\n"
           "  volumes: [{name: data, hostPath: {path: /host/etcd}}]\n";
}

Manifest read(const std::string& yaml) {
    auto manifest = restore::parse_manifest(yaml, "etcd.yaml");
    INFO(yaml);
    INFO((manifest ? "" : manifest.error().message));
    REQUIRE(manifest);
    return *std::move(manifest);
}

std::string flaw(const std::string& yaml) {
    const auto manifest = restore::parse_manifest(yaml, "etcd.yaml");
    return manifest ? "" : manifest.error().message;
}

}  // namespace

TEST_CASE("kubeadm's manifest names member, cluster, token, release and the host's directory") {
    const auto manifest =
        read(pod("    image: registry.k8s.io/etcd:3.6.5-0\n"
                 "    command:\n    - etcd\n    - --name=cp-1\n    - --data-dir=/var/lib/etcd\n"
                 "    - --initial-advertise-peer-urls=https://10.0.0.1:2380\n"
                 "    - --initial-cluster=cp-1=https://10.0.0.1:2380,cp-2=https://10.0.0.2:2380\n"
                 "    - --initial-cluster-token=t\n"));
    CHECK(manifest.name == "cp-1");
    CHECK(manifest.data_dir == "/host/etcd");
    CHECK_FALSE(manifest.wal_dir);
    CHECK(manifest.initial_advertise_peer_urls == "https://10.0.0.1:2380");
    CHECK(manifest.initial_cluster == "cp-1=https://10.0.0.1:2380,cp-2=https://10.0.0.2:2380");
    CHECK(manifest.initial_cluster_token == "t");
    CHECK(manifest.image_version == etcd::Version{3, 6, 5});
}

TEST_CASE("an option may stand apart from its value, behind one hyphen, and the last one wins") {
    CHECK(read(pod("    command: [etcd, --name, m1]\n")).name == "m1");
    CHECK(read(pod("    command: [etcd, -name=m1]\n")).name == "m1");
    CHECK(read(pod("    command: [etcd, --name=m1]\n    args: [--name=m2]\n")).name == "m2");
    CHECK_FALSE(read(pod("    command: [etcd, --name, --debug]\n")).name);
}

TEST_CASE("how etcd is reached is taken over, its files as the host names them") {
    const auto manifest = read(
        "spec:\n  containers:\n  - name: etcd\n    command: [etcd, --client-cert-auth, "
        "'--listen-client-urls=https://127.0.0.1:2379', --cert-file=/pki/server.crt, "
        "--key-file=/in/image.key]\n"
        "    volumeMounts:\n    - {name: certs, mountPath: /pki}\n"
        "  volumes:\n  - {name: certs, hostPath: {path: /etc/kubernetes/pki/etcd}}\n");
    using Serving = std::vector<std::pair<std::string, std::string>>;
    CHECK(manifest.serving == Serving{{"listen-client-urls", "https://127.0.0.1:2379"},
                                      {"cert-file", "/etc/kubernetes/pki/etcd/server.crt"},
                                      {"key-file", "/in/image.key"},
                                      {"client-cert-auth", "true"}});
}

TEST_CASE("the environment serves where no option says otherwise") {
    const std::string environment =
        "    env: [{name: ETCD_NAME, value: m1}, {name: ETCD_INITIAL_CLUSTER_TOKEN, value: t}]\n";
    CHECK(read(pod(environment + "    command: [etcd]\n")).name == "m1");
    const auto manifest = read(pod(environment + "    command: [etcd, --name=m2]\n"));
    CHECK(manifest.name == "m2");
    CHECK(manifest.initial_cluster_token == "t");
}

TEST_CASE("what kubelet fills in is filled in, or named where its value is not in the manifest") {
    const std::string container =
        "    command: [etcd, --name=$(NODE)-etcd, --initial-cluster-token=$$(NODE)]\n    env:\n";
    const auto manifest = read(pod(container + "    - {name: NODE, value: cp-1}\n"));
    CHECK(manifest.name == "cp-1-etcd");
    CHECK(manifest.initial_cluster_token == "$(NODE)");
    CHECK(flaw(pod(container +
                   "    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}\n")) ==
          "etcd.yaml: --name is $(NODE)-etcd, and the value of NODE is not in the manifest");
}

TEST_CASE("YAML may quote, fold, anchor and be JSON") {
    CHECK(read(pod("    command: ['etcd', \"--name=m\\x31\"]\n")).name == "m1");
    CHECK(read(pod("    command:\n    - etcd\n    - >-\n      --name=m1\n")).name == "m1");
    CHECK(read(pod("    command: &words [etcd, --name=1.10]\n    args: *words\n")).name == "1.10");
    CHECK(read(R"({"kind":"Pod","spec":{"containers":[{"command":["/usr/bin/etcd","--name=j"]}]}})")
              .name == "j");
    CHECK(read("# a comment\n---\n" + pod("    command: [etcd, --name=m1]\n")).name == "m1");
}

TEST_CASE("the etcd container is found by its command, wherever it stands and whatever its name") {
    CHECK(read("spec:\n  containers:\n  - {name: sidecar, command: [sleep, --name=s]}\n"
               "  - {name: db, command: [/usr/local/bin/etcd, --name=m1]}\n")
              .name == "m1");
}

TEST_CASE("a directory is followed through the mount that is nearest to it") {
    const std::string mounts =
        "    volumeMounts:\n    - {name: a, mountPath: /var/lib/}\n"
        "    - {name: b, mountPath: /var/lib/etcd, subPath: sub}\n"
        "  volumes:\n  - {name: a, hostPath: {path: /a}}\n  - {name: b, hostPath: {path: /b}}\n"
        "  - {name: c, emptyDir: {}}\n";
    const auto manifest = [&](const std::string& words) {
        return read("spec:\n  containers:\n  - name: etcd\n    command: [etcd, " + words + "]\n" +
                    mounts);
    };
    CHECK(manifest("--data-dir=/var/lib/etcd").data_dir == "/b/sub");
    CHECK(manifest("--data-dir=/var/lib/etcd/x/../y/").data_dir == "/b/sub/y");
    CHECK(manifest("--data-dir=/var/lib/other").data_dir == "/a/other");
    CHECK(manifest("--data-dir=/var/lib/etcdx, --wal-dir=/var/lib/wal").wal_dir == "/a/wal");
}

TEST_CASE("a directory that is not on the host is no folder to restore into") {
    CHECK(flaw(pod("    command: [etcd, --data-dir=/data]\n")) ==
          "etcd.yaml: /data is on no hostPath volume, so no folder of this host");
}

TEST_CASE("a release is told by the image's tag alone") {
    const auto version = [](const std::string& image) {
        return read(pod("    image: " + image + "\n    command: [etcd]\n")).image_version;
    };
    CHECK(version("quay.io/coreos/etcd:v3.5.9") == etcd::Version{3, 5, 9});
    CHECK(version("host:5000/etcd:3.4.13-0@sha256:00") == etcd::Version{3, 4, 13});
    CHECK_FALSE(version("host:5000/etcd"));
    CHECK_FALSE(version("etcd:latest"));
}

TEST_CASE("what is no pod with an etcd in it is told with the place") {
    CHECK(flaw("a: [\n") == "etcd.yaml: line 2: end of sequence flow not found");
    for (const auto* yaml : {"", "[]", "text", "kind: Pod", "spec: {containers: []}",
                             "spec: {containers: [{name: web, command: [nginx]}]}"}) {
        INFO(yaml);
        CHECK(flaw(yaml) == "etcd.yaml: no pod with an etcd container");
    }
    for (const auto* yaml : {"spec: [1, 2]", "spec: {containers: 7}",
                             "spec: {containers: [{name: etcd, command: [[etcd]]}]}"}) {
        INFO(yaml);
        CHECK(flaw(yaml).starts_with("etcd.yaml: "));
    }
}

TEST_CASE("a file far larger than any manifest is not read") {
    TemporaryDirectory dir;
    write_content(dir / "etcd.yaml", std::string((3 << 20) + 1, '#'));
    const auto manifest = restore::read_manifest(dir / "etcd.yaml");
    REQUIRE_FALSE(manifest);
    CHECK(manifest.error().code == ErrorCode::too_large);
    CHECK(restore::read_manifest(dir / "none.yaml").error().code == ErrorCode::not_found);
}
