#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/certificate.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/controller/serviceaccount/tokens_controller.go, cluster-bootstrap
// token/api/types.go

constexpr Rule certificate_expired{
    "certificate-expired",
    Layer::reference,
    Severity::warning,
    "with --now: a certificate that the cluster keeps is valid then",
    "whoever is shown it refuses it: have it made anew after the restore (cert-manager, kubeadm "
    "certs renew, or by hand), the CA first",
    Subject::cluster};
constexpr Rule token_account{
    "token-account",
    Layer::reference,
    Severity::warning,
    "a service account's stored token has its account",
    "the token controller deletes the Secret after the restore, and who uses the token is refused: "
    "make the account and a new token",
    Subject::cluster};
constexpr Rule token_expired{"bootstrap-token-expired",
                             Layer::reference,
                             Severity::note,
                             "with --now: a bootstrap token is valid then",
                             "nodes cannot join with it, and it is deleted: make one with `kubeadm "
                             "token create`",
                             Subject::cluster};
constexpr std::array table{certificate_expired, token_account, token_expired};

// Fields of Secret and ConfigMap.
constexpr int secret_data = 2, secret_type = 3, config_data = 2, annotations = 12;

void check_account_token(const Referrer& referrer) {
    const auto metadata = kube::bytes_at(referrer.message(), {1});
    const auto name =
        kube::entry_of(metadata, annotations, "kubernetes.io/service-account.name").value_or("");
    const auto uid =
        kube::entry_of(metadata, annotations, "kubernetes.io/service-account.uid").value_or("");
    if (name.empty()) return;
    const auto account = referrer.lookup.find("serviceaccounts", referrer.namespace_name(), name);
    const auto found = account ? referrer.lookup.uid_of(account) : std::nullopt;
    if (account && (uid.empty() || !found || *found == uid)) return;
    referrer.say(token_account, [&] {
        return fmt::format("{} {}", named("ServiceAccount", referrer.namespace_name(), name),
                           account ? "has another uid, it is another" : "is not there");
    });
}

void check_bootstrap_token(const Referrer& referrer) {
    const auto text = kube::entry_of(referrer.message(), secret_data, "expiration");
    const auto expires = text ? kube::parse_rfc3339(*text) : std::nullopt;
    if (!expires || !referrer.scope.now() || expires->seconds > *referrer.scope.now()) return;
    referrer.say(token_expired, [&] {
        return fmt::format("the token expired at {}", text::rfc3339(expires->seconds));
    });
}

/// ConfigMaps by which clients know whom to trust, with the keys that hold certificates.
struct Trust {
    Bytes namespace_name, name, key;
};
constexpr std::array trusts{
    Trust{"kube-system", "kube-root-ca.crt", "ca.crt"},
    Trust{"kube-system", "extension-apiserver-authentication", "client-ca-file"},
    Trust{"kube-system", "extension-apiserver-authentication", "requestheader-client-ca-file"},
};

}  // namespace

RuleRows certificate_rules() {
    return table;
}

void check_certificates(const Referrer& referrer, Bytes pem, std::string_view where) {
    const auto now = referrer.scope.now();
    if (!now) return;
    for (const auto& each : kube::certificates_in(pem)) {
        if (each.not_after > *now) continue;
        referrer.say(certificate_expired, [&] {
            return fmt::format("{}: the certificate of {} expired at {}", where,
                               text::escape(each.subject), text::rfc3339(each.not_after));
        });
    }
}

void check_secret(const Referrer& referrer) {
    const auto type = kube::bytes_at(referrer.message(), {secret_type});
    if (type == "kubernetes.io/service-account-token") check_account_token(referrer);
    if (type == "bootstrap.kubernetes.io/token") check_bootstrap_token(referrer);
    if (type != "kubernetes.io/tls" || !referrer.scope.now()) return;
    const auto pem = kube::entry_of(referrer.message(), secret_data, "tls.crt");
    check_certificates(referrer, pem.value_or(""), "tls.crt");
}

void check_config_map(const Referrer& referrer) {
    if (!referrer.scope.now() || referrer.namespace_name() != "kube-system") return;
    for (const auto& trust : trusts) {
        if (trust.name != referrer.name()) continue;
        const auto pem = kube::entry_of(referrer.message(), config_data, trust.key);
        check_certificates(referrer, pem.value_or(""), trust.key);
    }
}

}  // namespace salvor::verify
