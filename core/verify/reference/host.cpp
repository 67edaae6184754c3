#include "core/verify/host/host.hpp"

#include <algorithm>
#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule cluster_ca{
    "host-cluster-ca",
    Layer::reference,
    Severity::warning,
    "with --host: pods trust the cluster CA that the host has",
    "pods and kubelets of the backup's cluster refuse the apiserver that is started here: bring "
    "back the PKI of that cluster before the restore, or have all certificates made anew after it",
    Subject::cluster};
constexpr Rule client_ca{
    "host-client-ca",
    Layer::reference,
    Severity::warning,
    "with --host: the client CA in extension-apiserver-authentication is one that the host has",
    "the apiserver that is started here refuses the client certificates of the backup's cluster "
    "(kubelets, administrators): bring back that cluster's PKI before the restore",
    Subject::cluster};
constexpr Rule front_proxy_ca{
    "host-front-proxy-ca",
    Layer::reference,
    Severity::warning,
    "with --host: the front-proxy CA in extension-apiserver-authentication is one that the host "
    "has",
    "aggregated apiservers refuse what is passed on to them until they have read the new one: "
    "bring back the cluster's PKI before the restore, or start them anew after it",
    Subject::cluster};
constexpr Rule token_key{
    "host-token-key",
    Layer::reference,
    Severity::warning,
    "with --host: a key that the host has signed a service account's stored token",
    "the apiserver that is started here refuses the token: bring back the service-account key of "
    "the backup's cluster before the restore, or delete the Secret and make a new token after it",
    Subject::cluster};
constexpr std::array table{cluster_ca, client_ca, front_proxy_ca, token_key};

constexpr int config_data = 2;

/// ConfigMaps that tell whom clients and apiservers trust, and with which file of the host they go.
struct Trust {
    const Rule* rule;
    HostRole role;
    Bytes namespace_name, name, key;  ///< the namespace is empty: of any
    std::uint64_t HostMatches::* same;
    std::uint64_t HostMatches::* other;
};
constexpr std::array trusts{
    Trust{&cluster_ca, HostRole::cluster_ca, "", "kube-root-ca.crt", "ca.crt",
          &HostMatches::cluster_ca, &HostMatches::other_cluster_ca},
    Trust{&client_ca, HostRole::client_ca, "kube-system", "extension-apiserver-authentication",
          "client-ca-file", &HostMatches::client_ca, &HostMatches::other_client_ca},
    Trust{&front_proxy_ca, HostRole::front_proxy_ca, "kube-system",
          "extension-apiserver-authentication", "requestheader-client-ca-file",
          &HostMatches::front_proxy_ca, &HostMatches::other_front_proxy_ca},
};

}  // namespace

RuleRows host_rules() {
    return table;
}

void check_host_trust(const Referrer& referrer) {
    const auto* host = referrer.scope.host();
    if (!host) return;
    for (const auto& trust : trusts) {
        const bool is_it =
            referrer.name() == trust.name &&
            (trust.namespace_name.empty() || referrer.namespace_name() == trust.namespace_name);
        if (!is_it || !host->has(trust.role)) continue;
        const auto pem = kube::entry_of(referrer.message(), config_data, trust.key);
        const auto certificates = kube::certificates_in(pem.value_or(""));
        if (certificates.empty()) continue;
        const bool is_same = host->trusts(trust.role, certificates);
        ++(referrer.tallies.host.*(is_same ? trust.same : trust.other));
        if (is_same) continue;
        referrer.say(*trust.rule, [&] {
            return fmt::format("{}: the certificate of {} is not the host's", trust.key,
                               text::escape(certificates.front().subject));
        });
    }
}

void check_token_key(const Referrer& referrer, const kube::Token& token) {
    const auto keys = referrer.scope.account_keys();
    if (keys.empty()) return;
    const bool is_signed = std::any_of(keys.begin(), keys.end(), [&](const kube::PublicKey& key) {
        return token.is_signed_by(key);
    });
    ++(is_signed ? referrer.tallies.host.tokens : referrer.tallies.host.other_tokens);
    if (is_signed) return;
    referrer.say(token_key, [&] {
        return fmt::format(
            "no key of the host signed the token of {}{}", text::escape(token.subject),
            token.key_id.empty() ? ""
                                 : fmt::format(", which key {} did", text::escape(token.key_id)));
    });
}

}  // namespace salvor::verify
