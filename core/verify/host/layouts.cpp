#include "core/verify/host/layouts.hpp"

#include <array>

namespace salvor::verify {
namespace {

using enum HostRole;
constexpr auto may = HostPath::Need::may;

// Source: kubernetes cmd/kubeadm/app/constants/constants.go
constexpr std::array kubeadm{
    HostPath{cluster_ca, "etc/kubernetes/pki/ca.crt"},
    HostPath{client_ca, "etc/kubernetes/pki/ca.crt"},
    HostPath{front_proxy_ca, "etc/kubernetes/pki/front-proxy-ca.crt"},
    HostPath{etcd_ca, "etc/kubernetes/pki/etcd/ca.crt"},
    HostPath{serving, "etc/kubernetes/pki/apiserver.crt"},
    HostPath{account_key, "etc/kubernetes/pki/sa.pub"},
    HostPath{account_key, "etc/kubernetes/pki/sa.key"},
};

// Source: k3s pkg/daemons/control/deps/deps.go
constexpr std::array k3s{
    HostPath{cluster_ca, "var/lib/rancher/k3s/server/tls/server-ca.crt"},
    HostPath{client_ca, "var/lib/rancher/k3s/server/tls/client-ca.crt"},
    HostPath{front_proxy_ca, "var/lib/rancher/k3s/server/tls/request-header-ca.crt"},
    HostPath{etcd_ca, "var/lib/rancher/k3s/server/tls/etcd/server-ca.crt"},
    HostPath{serving, "var/lib/rancher/k3s/server/tls/serving-kube-apiserver.crt", may},
    HostPath{account_key, "var/lib/rancher/k3s/server/tls/service.key"},
    HostPath{account_key, "var/lib/rancher/k3s/server/tls/service.current.key", may},
    HostPath{encryption, "var/lib/rancher/k3s/server/cred/encryption-config.json", may},
    HostPath{join_token, "var/lib/rancher/k3s/server/token"},
};
constexpr std::array rke2{
    HostPath{cluster_ca, "var/lib/rancher/rke2/server/tls/server-ca.crt"},
    HostPath{client_ca, "var/lib/rancher/rke2/server/tls/client-ca.crt"},
    HostPath{front_proxy_ca, "var/lib/rancher/rke2/server/tls/request-header-ca.crt"},
    HostPath{etcd_ca, "var/lib/rancher/rke2/server/tls/etcd/server-ca.crt"},
    HostPath{serving, "var/lib/rancher/rke2/server/tls/serving-kube-apiserver.crt", may},
    HostPath{account_key, "var/lib/rancher/rke2/server/tls/service.key"},
    HostPath{account_key, "var/lib/rancher/rke2/server/tls/service.current.key", may},
    HostPath{encryption, "var/lib/rancher/rke2/server/cred/encryption-config.json", may},
    HostPath{join_token, "var/lib/rancher/rke2/server/token"},
};

// Source: talos internal/app/machined/pkg/controllers/k8s/control_plane_final.go
constexpr std::array talos{
    HostPath{cluster_ca, "system/secrets/kubernetes/kube-controller-manager/ca.crt"},
    HostPath{client_ca, "system/secrets/kubernetes/kube-apiserver/ca.crt"},
    HostPath{front_proxy_ca, "system/secrets/kubernetes/kube-apiserver/aggregator-ca.crt"},
    HostPath{etcd_ca, "system/secrets/kubernetes/kube-apiserver/etcd-client-ca.crt"},
    HostPath{serving, "system/secrets/kubernetes/kube-apiserver/apiserver.crt"},
    HostPath{account_key, "system/secrets/kubernetes/kube-apiserver/service-account.pub"},
    HostPath{account_key, "system/secrets/kubernetes/kube-apiserver/service-account.key"},
    HostPath{encryption, "system/secrets/kubernetes/kube-apiserver/encryptionconfig.yaml", may},
};

// Source: openshift cluster-kube-apiserver-operator bindata/assets/config, and
// cluster-kube-controller-manager-operator
#define RESOURCES "etc/kubernetes/static-pod-resources/"
constexpr std::array openshift{
    HostPath{cluster_ca,
             RESOURCES "kube-controller-manager-pod-#/configmaps/serviceaccount-ca/ca-bundle.crt"},
    HostPath{client_ca, RESOURCES "kube-apiserver-certs/configmaps/client-ca/ca-bundle.crt"},
    HostPath{front_proxy_ca,
             RESOURCES "kube-apiserver-certs/configmaps/aggregator-client-ca/ca-bundle.crt"},
    HostPath{etcd_ca, RESOURCES "kube-apiserver-pod-#/configmaps/etcd-serving-ca/ca-bundle.crt"},
    HostPath{account_key, RESOURCES
             "kube-apiserver-pod-#/configmaps/sa-token-signing-certs/service-account-*.pub"},
    HostPath{account_key,
             RESOURCES
             "kube-apiserver-pod-#/configmaps/bound-sa-token-signing-certs/service-account-*.pub",
             may},
    HostPath{encryption,
             RESOURCES "kube-apiserver-pod-#/secrets/encryption-config/encryption-config", may},
};
#undef RESOURCES

constexpr std::array layouts{
    HostLayout{"kubeadm", kubeadm, "var/lib/etcd"},
    HostLayout{"k3s", k3s, "var/lib/rancher/k3s/server/db/etcd"},
    HostLayout{"RKE2", rke2, "var/lib/rancher/rke2/server/db/etcd"},
    HostLayout{"Talos", talos, "var/lib/etcd"},
    HostLayout{"OpenShift", openshift, "var/lib/etcd"},
};

}  // namespace

std::span<const HostLayout> host_layouts() {
    return layouts;
}

}  // namespace salvor::verify
