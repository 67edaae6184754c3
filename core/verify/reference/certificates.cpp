#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/certificate.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/public_key.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::verify {
namespace {

constexpr Rule certificate_expired{
    "certificate-expired",
    Layer::reference,
    Severity::warning,
    "with --now: a certificate that the cluster keeps is valid then",
    "whoever is shown it refuses it: have it made anew after the restore (cert-manager, kubeadm "
    "certs renew, or by hand), the CA first",
    Subject::cluster};
constexpr Rule tls_key{"tls-key",
                       Layer::reference,
                       Severity::warning,
                       "the private key of a TLS Secret is that of its certificate",
                       "whoever serves with it refuses the pair, or serves another: have both made "
                       "anew together (cert-manager: delete the Secret)",
                       Subject::cluster};
constexpr std::array table{certificate_expired, tls_key};

// Fields of Secret and ConfigMap.
constexpr int secret_data = 2, config_data = 2;

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

void check_tls_secret(const Referrer& referrer) {
    const auto pem = kube::entry_of(referrer.message(), secret_data, "tls.crt").value_or("");
    const auto key = kube::entry_of(referrer.message(), secret_data, "tls.key").value_or("");
    check_certificates(referrer, pem, "tls.crt");
    const auto served = kube::public_keys_in(pem, 1), held = kube::public_keys_in(key, 1);
    if (served.empty() || held.empty() || served.front() == held.front()) return;
    referrer.say(tls_key, [] { return "tls.key is not the key of the certificate in tls.crt"; });
}

void check_config_map(const Referrer& referrer) {
    check_host_trust(referrer);
    if (!referrer.scope.now() || referrer.namespace_name() != "kube-system") return;
    for (const auto& trust : trusts) {
        if (trust.name != referrer.name()) continue;
        const auto pem = kube::entry_of(referrer.message(), config_data, trust.key);
        check_certificates(referrer, pem.value_or(""), trust.key);
    }
}

}  // namespace salvor::verify
