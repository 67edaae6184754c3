#include "core/audit/credential.hpp"

#include <catch2/catch.hpp>

#include "core/cluster/pod_secrets.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/special.hpp"

using namespace salvor;
using namespace salvor::audit;

namespace {

constexpr std::int64_t now = 1'800'000'000;

HeldSecret of(const std::string& json, bool account_lives = true) {
    kube::Document document;
    const auto value = kube::parse_json(json, document);
    REQUIRE(value);
    return credential_of(*value, now, [&](const auto& home, const auto& name, const auto& uid) {
        return account_lives && home == "shop" && name == "web" && uid == "u-1";
    });
}

std::string unpadded(std::string text) {
    text = kube::base64(text);
    return text.substr(0, text.find('='));
}

std::string account_token(const std::string& claims) {
    const auto token = unpadded(R"({"alg":"RS256","kid":"k"})") + "." + unpadded(claims) + "." +
                       unpadded("signature");
    return R"({"kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{)"
           R"("namespace":"shop","name":"t","annotations":{"kubernetes.io/service-account.name":)"
           R"("web","kubernetes.io/service-account.uid":"u-1"}},"data":{"token":")" +
           kube::base64(token) + R"("}})";
}

std::string bootstrap_token(const std::string& expiration, const std::string& for_login) {
    return R"({"kind":"Secret","type":"bootstrap.kubernetes.io/token","metadata":{"namespace":)"
           R"("kube-system","name":"bootstrap-token-abcdef"},"data":{"token-id":")" +
           kube::base64("abcdef") + R"(","usage-bootstrap-authentication":")" +
           kube::base64(for_login) + R"(","expiration":")" + kube::base64(expiration) + R"("}})";
}

}  // namespace

TEST_CASE("a service account's token is good until its exp, and for ever without one") {
    CHECK(of(account_token(R"({"sub":"system:serviceaccount:shop:web"})")).validity ==
          Validity::never_ends);
    const auto good = of(account_token(R"({"sub":"x","exp":1800000001})"));
    CHECK(good.validity == Validity::ends);
    CHECK(good.expires == 1'800'000'001);
    CHECK(good.remedy == "kubectl delete secret t -n shop");
    CHECK(good.what.find("signature") == std::string::npos);
    CHECK_FALSE(of(account_token(R"({"sub":"x","exp":1800000000})")).is_good());
}

TEST_CASE("a token of a service account that is gone is good for nothing") {
    const auto held = of(account_token(R"({"sub":"x"})"), false);
    CHECK(held.validity == Validity::void_);
    CHECK_FALSE(held.is_good());
}

TEST_CASE("a bootstrap token is good until its expiration, if it is for logins") {
    CHECK(of(bootstrap_token("2030-01-01T00:00:00Z", "true")).validity == Validity::ends);
    CHECK(of(bootstrap_token("2020-01-01T00:00:00Z", "true")).validity == Validity::ended);
    CHECK(of(bootstrap_token("", "true")).validity == Validity::never_ends);
    CHECK(of(bootstrap_token("", "false")).validity == Validity::void_);
    CHECK(of(bootstrap_token("soon", "true")).validity == Validity::unknown);
}

TEST_CASE("of any other Secret only the names of its data are told") {
    const auto held = of(R"({"kind":"Secret","metadata":{"namespace":"a","name":"b"},)"
                         R"("data":{"password":"aHVudGVyMg=="}})");
    CHECK(held.type == "Opaque");
    CHECK(held.what == "data: password");
    CHECK(held.validity == Validity::unknown);
    CHECK(held.is_good());
}

TEST_CASE("a pod's Secrets are those of its volumes, environment and image pulls") {
    kube::Document document;
    const auto spec = kube::parse_json(
        R"({"imagePullSecrets":[{"name":"pull"}],"volumes":[{"name":"v","secret":{"secretName":)"
        R"("mounted"}},{"name":"p","projected":{"sources":[{"secret":{"name":"projected"}},)"
        R"({"configMap":{"name":"no"}}]}},{"name":"c","csi":{"driver":"d",)"
        R"("nodePublishSecretRef":{"name":"csi"}}}],"containers":[{"name":"c","env":[{"name":"E",)"
        R"("valueFrom":{"secretKeyRef":{"name":"env","key":"k"}}}],"envFrom":[{"secretRef":)"
        R"({"name":"all"}}]}],"initContainers":[{"name":"i","envFrom":[{"secretRef":{"name":)"
        R"("init"}}]}]})",
        document);
    REQUIRE(spec);
    std::set<std::string> names{"all", "csi", "env", "init", "mounted", "projected"};
    CHECK(cluster::secrets_in_pod(*spec) == names);
    names.insert("pull");
    CHECK(cluster::secrets_of_pod(*spec) == names);
}
