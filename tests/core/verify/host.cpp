#include "core/verify/host/host.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include "core/verify/host/rooted_path.hpp"

using namespace salvor;
namespace fs = std::filesystem;
using verify::HostFile;
using verify::HostRole;

namespace {

const fs::path pki = fs::path(SALVOR_SOURCE) / "tests/flawed/reference/host/etc/kubernetes/pki";

/// A folder of the test's own.
class Root {
 public:
    Root() {
        std::string pattern = (fs::temp_directory_path() / "salvor-host-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Root() { fs::remove_all(path_); }
    const fs::path& path() const { return path_; }
    void copy(const char* from, const fs::path& to) const {
        fs::create_directories((path_ / to).parent_path());
        fs::copy_file(pki / from, path_ / to);
    }
    void write(const fs::path& to, const char* text) const {
        fs::create_directories((path_ / to).parent_path());
        std::ofstream(path_ / to) << text;
    }
    void link(const fs::path& to, const char* target) const {
        fs::create_directories((path_ / to).parent_path());
        fs::create_symlink(target, path_ / to);
    }

 private:
    fs::path path_;
};

verify::Host host_of(const Root& root) {
    auto host = verify::look_at_host(root.path());
    REQUIRE(host);
    return *std::move(host);
}

const HostFile& file_of(const verify::Host& host, const std::string& path) {
    const auto found = std::find_if(host.files.begin(), host.files.end(),
                                    [&](const HostFile& file) { return file.path == path; });
    REQUIRE(found != host.files.end());
    return *found;
}

}  // namespace

TEST_CASE("of a kubeadm host the CAs and the keys are read, and what is missing is named") {
    const Root root;
    root.copy("ca.crt", "etc/kubernetes/pki/ca.crt");
    root.copy("sa.pub", "etc/kubernetes/pki/sa.pub");
    const auto host = host_of(root);
    CHECK(host.layout == "kubeadm");
    CHECK(host.has(HostRole::cluster_ca));
    CHECK(host.account_keys().size() == 1);
    CHECK(
        host.trusts(HostRole::client_ca, file_of(host, "/etc/kubernetes/pki/ca.crt").certificates));
    CHECK(file_of(host, "/etc/kubernetes/pki/sa.key").state == HostFile::State::absent);
    CHECK(!host.has(HostRole::front_proxy_ca));
    CHECK(host.data_directory.empty());
}

TEST_CASE("what a static pod's manifest names stands in the place of kubeadm's own paths") {
    const Root root;
    root.copy("ca.crt", "etc/kubernetes/pki/ca.crt");
    root.copy("sa.pub", "srv/keys/accounts.pub");
    root.write("etc/kubernetes/manifests/kube-apiserver.yaml",
               "spec:\n  containers:\n  - command:\n    - kube-apiserver\n"
               "    - --service-account-key-file=/srv/keys/accounts.pub\n"
               "    - \"--encryption-provider-config=/srv/enc.yaml\"\n"
               "    # --client-ca-file=/nowhere\n");
    const auto host = host_of(root);
    CHECK(file_of(host, "/srv/keys/accounts.pub").keys.size() == 1);
    CHECK(file_of(host, "/srv/enc.yaml").state == HostFile::State::absent);
    CHECK(host.has(HostRole::client_ca));
    for (const auto& file : host.files) CHECK(file.path != "/etc/kubernetes/pki/sa.pub");
}

TEST_CASE("a link leads to what the host has there, and in a circle to nothing") {
    const Root root;
    root.copy("ca.crt", "data/pki/ca.crt");
    root.link("etc/kubernetes/pki", "/data/../data/pki");
    root.link("circle", "/circle");
    CHECK(host_of(root).has(HostRole::cluster_ca));
    CHECK(verify::below_root(root.path(), "/etc/kubernetes/pki/ca.crt") ==
          root.path() / "data/pki/ca.crt");
    CHECK(verify::below_root(root.path(), "/../../x") == root.path() / "x");
    CHECK(!fs::exists(verify::below_root(root.path(), "/circle")));
}

TEST_CASE("OpenShift's newest revision counts by number, and all its keys do") {
    const Root root;
    const fs::path pods = "etc/kubernetes/static-pod-resources";
    for (const auto* revision : {"kube-apiserver-pod-9", "kube-apiserver-pod-10"})
        root.copy("sa.pub",
                  pods / revision / "configmaps/sa-token-signing-certs/service-account-001.pub");
    root.write(
        pods / "kube-apiserver-pod-10/configmaps/sa-token-signing-certs/service-account-002.pub",
        "no key");
    const auto host = host_of(root);
    CHECK(host.layout == "OpenShift");
    const std::string keys =
        "/etc/kubernetes/static-pod-resources/kube-apiserver-pod-10/configmaps/"
        "sa-token-signing-certs/service-account-00";
    CHECK(file_of(host, keys + "1.pub").keys.size() == 1);
    CHECK(file_of(host, keys + "2.pub").state == HostFile::State::unreadable);
}

TEST_CASE("k3s is known by its own folder, and etcd's disk in it") {
    const Root root;
    root.copy("ca.crt", "var/lib/rancher/k3s/server/tls/server-ca.crt");
    root.write("var/lib/rancher/k3s/server/db/etcd/member/snap/db", "");
    const auto host = host_of(root);
    CHECK(host.layout == "k3s");
    CHECK(host.data_directory == "/var/lib/rancher/k3s/server/db/etcd");
}

TEST_CASE("a root without a control plane has no layout, and one that is no folder is refused") {
    const Root root;
    root.write("file", "");
    CHECK(host_of(root).layout.empty());
    CHECK(verify::look_at_host(root.path() / "file").error().code == ErrorCode::not_a_file);
    CHECK(verify::look_at_host(root.path() / "absent").error().code == ErrorCode::not_found);
}
