#include "core/audit/credential.hpp"

#include <fmt/format.h>

#include "formats/kube/certificate.hpp"
#include "formats/kube/special.hpp"
#include "formats/kube/token.hpp"

namespace salvor::audit {
namespace {

using kube::Value;
using IsLive = std::function<bool(const std::string&, const std::string&, const std::string&)>;

/// A piece of data, decoded; empty where it is absent.
std::string piece(const Value& secret, std::string_view name) {
    const auto* data = secret.find("data");
    const auto text = data ? data->text(name) : std::string_view();
    return kube::parse_base64(text).value_or(std::string());
}

std::string annotation(const Value& secret, std::string_view name) {
    const auto* annotations = secret.at({"metadata", "annotations"});
    return annotations ? std::string(annotations->text(name)) : std::string();
}

std::string names_of_data(const Value& secret) {
    std::string names;
    const auto* data = secret.find("data");
    if (!data) return "nothing";
    for (const auto& member : data->members)
        names.append(names.empty() ? "" : ", ").append(member.name);
    return names.empty() ? "nothing" : names;
}

std::string delete_command(const HeldSecret& held) {
    return fmt::format("kubectl delete secret {} -n {}", held.name, held.namespace_name);
}

void set_end(HeldSecret& held, std::optional<std::int64_t> end, std::int64_t now) {
    held.expires = end;
    held.validity = !end ? Validity::never_ends : *end <= now ? Validity::ended : Validity::ends;
}

void account_token(const Value& secret, std::int64_t now, const IsLive& is_live, HeldSecret& held) {
    const auto account = annotation(secret, "kubernetes.io/service-account.name");
    held.what = fmt::format("token of service account {}/{}", held.namespace_name, account);
    held.remedy = delete_command(held);
    const auto token = piece(secret, "token");
    const auto read = kube::read_token(token);
    if (token.empty()) {
        held.validity = Validity::void_;
        held.what += ", not yet made";
    } else if (!is_live(held.namespace_name, account,
                        annotation(secret, "kubernetes.io/service-account.uid"))) {
        held.validity = Validity::void_;
        held.what += ", which is gone";
    } else if (read) {
        set_end(held, read->expires, now);
    }
}

void bootstrap_token(const Value& secret, std::int64_t now, HeldSecret& held) {
    held.what = "bootstrap token " + piece(secret, "token-id") + ", to join nodes";
    held.remedy = delete_command(held);
    const auto end = piece(secret, "expiration");
    const auto instant = kube::parse_rfc3339(end);
    if (end.empty() || instant)
        set_end(held, instant ? std::optional(instant->seconds) : std::nullopt, now);
    if (piece(secret, "usage-bootstrap-authentication") == "true") return;
    held.what = "bootstrap token " + piece(secret, "token-id") + ", for no login";
    held.validity = Validity::void_;
}

void tls_key(const Value& secret, std::int64_t now, HeldSecret& held) {
    held.what = "private key";
    held.remedy = "issue a new key and certificate, and revoke the old one";
    const auto certificates = kube::certificates_in(piece(secret, "tls.crt"), 1);
    if (certificates.empty()) return;
    held.what = "private key of certificate " + certificates[0].subject;
    set_end(held, certificates[0].not_after, now);
}

}  // namespace

HeldSecret credential_of(const Value& secret, std::int64_t now, const IsLive& is_live) {
    HeldSecret held;
    if (const auto* metadata = secret.find("metadata")) {
        held.namespace_name = metadata->text("namespace");
        held.name = metadata->text("name");
    }
    held.type = secret.text("type");
    if (held.type.empty()) held.type = "Opaque";
    held.what = "data: " + names_of_data(secret);
    held.remedy = "change it where it is used, then here";
    if (held.type == "kubernetes.io/service-account-token") {
        account_token(secret, now, is_live, held);
    } else if (held.type == "bootstrap.kubernetes.io/token") {
        bootstrap_token(secret, now, held);
    } else if (held.type == "kubernetes.io/tls") {
        tls_key(secret, now, held);
    } else if (held.type.starts_with("kubernetes.io/dockercfg") ||
               held.type == "kubernetes.io/dockerconfigjson") {
        held.what = "login to image registries";
        held.remedy = "new credentials at the registry";
    } else if (held.type == "helm.sh/release.v1") {
        held.what = "a release's manifests, with what is secret in them";
        held.remedy = "change what is secret in the release's values";
    } else if (held.type == "kubernetes.io/ssh-auth") {
        held.what = "SSH private key";
        held.remedy = "a new key where the old one opens";
    }
    return held;
}

}  // namespace salvor::audit
