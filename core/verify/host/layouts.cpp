#include "core/verify/host/layouts.hpp"

#include <array>

namespace salvor::verify {
namespace {

using enum HostRole;
constexpr auto may = HostPath::Need::may;

// Source: kubernetes cmd/kubeadm/app/constants/constants.go
constexpr std::array kubeadm{
    HostPath{cluster_ca, "ca.crt"},
    HostPath{client_ca, "ca.crt"},
    HostPath{front_proxy_ca, "front-proxy-ca.crt"},
    HostPath{etcd_ca, "etcd/ca.crt"},
    HostPath{serving, "apiserver.crt"},
    HostPath{account_key, "sa.pub"},
    HostPath{account_key, "sa.key"},
};

// Source: k3s pkg/daemons/control/deps/deps.go; RKE2 has the same in a folder of its own
constexpr std::array rancher{
    HostPath{cluster_ca, "tls/server-ca.crt"},
    HostPath{client_ca, "tls/client-ca.crt"},
    HostPath{front_proxy_ca, "tls/request-header-ca.crt"},
    HostPath{etcd_ca, "tls/etcd/server-ca.crt"},
    HostPath{serving, "tls/serving-kube-apiserver.crt", may},
    HostPath{account_key, "tls/service.key"},
    HostPath{account_key, "tls/service.current.key", may},
    HostPath{encryption, "cred/encryption-config.json", may},
    HostPath{join_token, "token"},
};

// Source: talos internal/app/machined/pkg/controllers/k8s/control_plane_final.go
constexpr std::array talos{
    HostPath{cluster_ca, "kube-controller-manager/ca.crt"},
    HostPath{client_ca, "kube-apiserver/ca.crt"},
    HostPath{front_proxy_ca, "kube-apiserver/aggregator-ca.crt"},
    HostPath{etcd_ca, "kube-apiserver/etcd-client-ca.crt"},
    HostPath{serving, "kube-apiserver/apiserver.crt"},
    HostPath{account_key, "kube-apiserver/service-account.pub"},
    HostPath{account_key, "kube-apiserver/service-account.key"},
    HostPath{encryption, "kube-apiserver/encryptionconfig.yaml", may},
};

// Source: openshift cluster-kube-apiserver-operator bindata/assets/config, and
// cluster-kube-controller-manager-operator
constexpr std::array openshift{
    HostPath{cluster_ca,
             "kube-controller-manager-pod-#/configmaps/serviceaccount-ca/ca-bundle.crt"},
    HostPath{client_ca, "kube-apiserver-certs/configmaps/client-ca/ca-bundle.crt"},
    HostPath{front_proxy_ca, "kube-apiserver-certs/configmaps/aggregator-client-ca/ca-bundle.crt"},
    HostPath{etcd_ca, "kube-apiserver-pod-#/configmaps/etcd-serving-ca/ca-bundle.crt"},
    HostPath{account_key,
             "kube-apiserver-pod-#/configmaps/sa-token-signing-certs/service-account-*.pub"},
    HostPath{account_key,
             "kube-apiserver-pod-#/configmaps/bound-sa-token-signing-certs/service-account-*.pub",
             may},
    HostPath{encryption, "kube-apiserver-pod-#/secrets/encryption-config/encryption-config", may},
};

constexpr std::array layouts{
    HostLayout{"kubeadm", "etc/kubernetes/pki/", kubeadm, "var/lib/etcd"},
    HostLayout{"k3s", "var/lib/rancher/k3s/server/", rancher, "var/lib/rancher/k3s/server/db/etcd"},
    HostLayout{"RKE2", "var/lib/rancher/rke2/server/", rancher,
               "var/lib/rancher/rke2/server/db/etcd"},
    HostLayout{"Talos", "system/secrets/kubernetes/", talos, "var/lib/etcd"},
    HostLayout{"OpenShift", "etc/kubernetes/static-pod-resources/", openshift, "var/lib/etcd"},
};

}  // namespace

std::span<const HostLayout> host_layouts() {
    return layouts;
}

}  // namespace salvor::verify
