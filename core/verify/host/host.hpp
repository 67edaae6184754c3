#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/kube/certificate.hpp"
#include "formats/kube/public_key.hpp"

// The files of a control plane's host that a restored cluster has to fit: its CAs and the keys that
// sign service accounts' tokens. Of a private key nothing but its public half is kept.

namespace salvor::verify {

enum class HostRole {
    cluster_ca,      ///< what kube-root-ca.crt has: whom pods trust
    client_ca,       ///< whom the apiserver trusts
    front_proxy_ca,  ///< whom aggregated apiservers trust
    etcd_ca,
    serving,      ///< the apiserver's own certificate
    account_key,  ///< signs service accounts' tokens, or tells whether one was
    encryption,   ///< the apiserver's EncryptionConfiguration
    join_token,   ///< of k3s and RKE2: opens what they keep in etcd beside Kubernetes
};
/// "cluster CA"
const char* name(HostRole role);

struct HostFile {
    HostRole role;
    std::string path;  ///< as it is on that host: "/etc/kubernetes/pki/ca.crt"
    enum class State { found, absent, unreadable, not_asked } state = State::absent;
    std::string why;  ///< unreadable
    std::vector<kube::Certificate> certificates;
    std::vector<kube::PublicKey> keys;
};

struct Host {
    std::filesystem::path root;
    /// "kubeadm", "k3s", "RKE2", "Talos", "OpenShift"; empty: files of none of them were found.
    std::string layout;
    std::vector<HostFile>
        files;  ///< of that layout; those that may be absent only where they are not
    std::string data_directory;  ///< of etcd, as it is on that host; empty: none is there

    bool has(HostRole role) const;
    /// Whether one of these certificates is one of the role's.
    bool trusts(HostRole role, const std::vector<kube::Certificate>& certificates) const;
    std::vector<kube::PublicKey> account_keys() const;
};

/// Looks for what the layouts of kubeadm (and whatever its static pods' manifests name), k3s, RKE2,
/// Talos and OpenShift have below `root`, links resolved below it; the layout of which most is
/// there is taken. Errors: not_found, not_a_file (no folder), io.
Result<Host> look_at_host(const std::filesystem::path& root);

/// The files that a layout of that name has, none of them looked for; of another name none.
std::vector<HostFile> usual_files(std::string_view layout);

}  // namespace salvor::verify
