#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/kube/special.hpp"
#include "formats/kube/token.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/controller/serviceaccount/tokens_controller.go, cluster-bootstrap
// token/api/types.go

constexpr Rule token_account{
    "token-account",
    Layer::reference,
    Severity::warning,
    "a service account's stored token has its account",
    "the token controller deletes the Secret after the restore, and who uses the token is refused: "
    "make the account and a new token",
    Subject::cluster};
constexpr Rule token_subject{
    "token-subject",
    Layer::reference,
    Severity::warning,
    "a service account's stored token names the account that its Secret names",
    "whoever uses it is another account or none: delete the Secret, and make a new token",
    Subject::cluster};
constexpr Rule token_expired{
    "token-expired",
    Layer::reference,
    Severity::warning,
    "with --now: a service account's stored token is valid then",
    "the apiserver refuses whoever uses it: delete the Secret, and make a new token",
    Subject::cluster};
constexpr Rule bootstrap_token_expired{
    "bootstrap-token-expired",
    Layer::reference,
    Severity::note,
    "with --now: a bootstrap token is valid then",
    "nodes cannot join with it, and it is deleted: make one with `kubeadm token create`",
    Subject::cluster};
constexpr Rule registry_credentials{
    "registry-credentials",
    Layer::reference,
    Severity::warning,
    "a Secret of a registry's credentials is JSON",
    "no image is pulled by it: make the Secret anew (kubectl create secret docker-registry)",
    Subject::cluster};
constexpr std::array table{token_account, token_subject, token_expired, bootstrap_token_expired,
                           registry_credentials};

// Fields of Secret and of its metadata.
constexpr int secret_data = 2, secret_type = 3, annotations = 12;

void check_account(const Referrer& referrer, Bytes name) {
    const auto metadata = kube::bytes_at(referrer.message(), {1});
    const auto uid =
        kube::entry_of(metadata, annotations, "kubernetes.io/service-account.uid").value_or("");
    const auto account = referrer.lookup.find("serviceaccounts", referrer.namespace_name(), name);
    const auto found = account ? referrer.lookup.uid_of(account) : std::nullopt;
    if (account && (uid.empty() || !found || *found == uid)) return;
    referrer.say(token_account, [&] {
        return fmt::format("{} {}", named("ServiceAccount", referrer.namespace_name(), name),
                           not_the_one(account.is_there));
    });
}

void check_claims(const Referrer& referrer, const kube::Token& token, Bytes name) {
    const auto wanted = fmt::format("system:serviceaccount:{}:{}", referrer.namespace_name(), name);
    if (!name.empty() && token.subject != wanted) {
        referrer.say(token_subject, [&] {
            return fmt::format("the token is that of {}",
                               token.subject.empty() ? "nobody" : text::escape(token.subject));
        });
    }
    const auto now = referrer.scope.now();
    if (!now || !token.expires || *token.expires > *now) return;
    referrer.say(token_expired, [&] {
        return fmt::format("the token of {} expired at {}", text::escape(token.subject),
                           text::rfc3339(*token.expires));
    });
}

void check_account_token(const Referrer& referrer) {
    const auto metadata = kube::bytes_at(referrer.message(), {1});
    const auto name =
        kube::entry_of(metadata, annotations, "kubernetes.io/service-account.name").value_or("");
    if (!name.empty()) check_account(referrer, name);
    const auto text = kube::entry_of(referrer.message(), secret_data, "token");
    const auto token = text ? kube::read_token(*text) : std::nullopt;
    if (!token) return;
    check_claims(referrer, *token, name);
    check_token_key(referrer, *token);
}

void check_bootstrap_token(const Referrer& referrer) {
    const auto text = kube::entry_of(referrer.message(), secret_data, "expiration");
    const auto expires = text ? kube::parse_rfc3339(*text) : std::nullopt;
    if (!expires || !referrer.scope.now() || expires->seconds > *referrer.scope.now()) return;
    referrer.say(bootstrap_token_expired, [&] {
        return fmt::format("the token expired at {}", text::rfc3339(expires->seconds));
    });
}

void check_registry_credentials(const Referrer& referrer, Bytes name) {
    const auto text = kube::entry_of(referrer.message(), secret_data, name);
    if (text && kube::check_json(*text)) return;
    referrer.say(registry_credentials,
                 [&] { return fmt::format("its {} is {}", name, text ? "no JSON" : "not there"); });
}

}  // namespace

RuleRows token_rules() {
    return table;
}

void check_secret(const Referrer& referrer) {
    const auto type = kube::bytes_at(referrer.message(), {secret_type});
    if (type == "kubernetes.io/service-account-token") check_account_token(referrer);
    if (type == "bootstrap.kubernetes.io/token") check_bootstrap_token(referrer);
    if (type == "kubernetes.io/tls") check_tls_secret(referrer);
    if (type == "kubernetes.io/dockerconfigjson")
        check_registry_credentials(referrer, ".dockerconfigjson");
    if (type == "kubernetes.io/dockercfg") check_registry_credentials(referrer, ".dockercfg");
}

}  // namespace salvor::verify
