#include "core/diff/event_detail.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;

namespace {

/// "-" where the change is of no matter to security; an empty text is no object.
std::string reason(Bytes group, Bytes kind, Bytes before, Bytes after) {
    kube::Document documents[2];
    kube::Value values[2];
    for (int i = 0; i < 2; ++i) {
        const auto text = i == 0 ? before : after;
        if (!text.empty()) values[i] = kube::parse_json(text, documents[i]).value();
    }
    return diff::security_reason(group, kind, before.empty() ? nullptr : &values[0],
                                 after.empty() ? nullptr : &values[1])
        .value_or("-");
}

constexpr Bytes plain_pod = R"({"spec":{"containers":[{"name":"c"}]}})";
constexpr Bytes secret_pod =
    R"({"spec":{"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"db"}}]}]}})";
constexpr Bytes mighty_pod =
    R"({"spec":{"containers":[{"name":"c","securityContext":{"privileged":true}}]}})";

}  // namespace

TEST_CASE("grants, Secrets and OpenShift's users and tokens always matter to security") {
    CHECK(reason("rbac.authorization.k8s.io", "RoleBinding", "", "{}").empty());
    CHECK(reason("", "Secret", "{}", "").empty());
    CHECK(reason("oauth.openshift.io", "OAuthAccessToken", "", "{}").empty());
    CHECK(reason("user.openshift.io", "Group", "{}", "{}").empty());
    CHECK(reason("security.openshift.io", "SecurityContextConstraints", "{}", "{}").empty());
    CHECK(reason("", "ConfigMap", "", "{}") == "-");
}

TEST_CASE("a pod matters where it reaches out, and where it comes to use other Secrets") {
    CHECK(reason("", "Pod", "", plain_pod) == "-");
    CHECK(reason("", "Pod", "", mighty_pod) == "privileged");
    CHECK(reason("apps", "Deployment", mighty_pod, plain_pod) == "no longer privileged");
    CHECK(reason("", "Pod", "", R"({"spec":{"hostNetwork":true}})") == "hostNetwork");
    CHECK(reason("", "Pod", "", secret_pod) == "uses Secret db");
    CHECK(reason("", "Pod", secret_pod, secret_pod) == "-");
    CHECK(reason("apps", "Deployment", secret_pod, plain_pod) == "uses no Secret any more");
}

TEST_CASE("a Namespace matters where what its pods may do changes") {
    constexpr Bytes guarded =
        R"({"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}})";
    CHECK(reason("", "Namespace", guarded, R"({"metadata":{}})") == "pod security changed");
    CHECK(reason("", "Namespace", guarded, guarded) == "-");
}
