#include "core/audit/rights.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;
using namespace salvor::audit;

namespace {

PolicyRule rule(const std::string& json) {
    kube::Document document;
    const auto value = kube::parse_json(json, document);
    REQUIRE(value);
    return PolicyRule::of(*value);
}

Request on(const std::string& verb, const std::string& group, const std::string& resource,
           const std::string& subresource = {}, const std::string& name = {}) {
    return {verb, group, resource, subresource, name, {}, {}};
}

Request on_url(const std::string& verb, const std::string& url) {
    return {verb, {}, {}, {}, {}, {}, url};
}

}  // namespace

TEST_CASE("a rule lets through its verbs on its resources of its groups, and nothing else") {
    const auto reader =
        rule(R"({"verbs":["get","list"],"apiGroups":["","apps"],"resources":["pods"]})");
    CHECK(allows(reader, on("get", "", "pods")));
    CHECK(allows(reader, on("list", "apps", "pods")));
    CHECK_FALSE(allows(reader, on("watch", "", "pods")));
    CHECK_FALSE(allows(reader, on("get", "batch", "pods")));
    CHECK_FALSE(allows(reader, on("get", "", "pods", "log")));
    CHECK_FALSE(allows(reader, on("*", "", "pods")));
    CHECK_FALSE(allows(reader, on_url("get", "/healthz")));
}

TEST_CASE("a rule's * stands for every verb, group, resource and subresource") {
    const auto all = rule(R"({"verbs":["*"],"apiGroups":["*"],"resources":["*"]})");
    CHECK(allows(all, on("*", "*", "*")));
    CHECK(allows(all, on("escalate", "x.example", "things", "status", "a")));
    const auto scales = rule(R"({"verbs":["get"],"apiGroups":["*"],"resources":["*/scale"]})");
    CHECK(allows(scales, on("get", "apps", "deployments", "scale")));
    CHECK_FALSE(allows(scales, on("get", "apps", "deployments", "autoscale")));
    CHECK_FALSE(allows(scales, on("get", "apps", "deployments")));
    const auto logs = rule(R"({"verbs":["get"],"apiGroups":[""],"resources":["pods/log"]})");
    CHECK(allows(logs, on("get", "", "pods", "log")));
    CHECK_FALSE(allows(logs, on("get", "", "pods", "exec")));
}

TEST_CASE("a rule for single objects lets through those alone") {
    const auto one =
        rule(R"({"verbs":["*"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["a"]})");
    CHECK(allows(one, on("get", "", "secrets", {}, "a")));
    CHECK_FALSE(allows(one, on("get", "", "secrets", {}, "b")));
    CHECK_FALSE(allows(one, on("get", "", "secrets")));
    CHECK(allows(one, on("get", "", "secrets"), Names::any));
    // Nothing that is made has its name yet.
    CHECK_FALSE(allows(one, on("create", "", "secrets"), Names::any));
}

TEST_CASE("a URL is let through by its own name, or by the start that stands before a *") {
    const auto urls = rule(R"({"verbs":["get"],"nonResourceURLs":["/healthz","/apis/*"]})");
    CHECK(allows(urls, on_url("get", "/healthz")));
    CHECK(allows(urls, on_url("get", "/apis/apps")));
    CHECK_FALSE(allows(urls, on_url("get", "/healthz/etcd")));
    CHECK_FALSE(allows(urls, on_url("get", "/apis")));
    CHECK_FALSE(allows(urls, on_url("post", "/healthz")));
    CHECK(allows(rule(R"({"verbs":["*"],"nonResourceURLs":["*"]})"), on_url("post", "/x")));
}

TEST_CASE("a service account is in the groups of all and of its namespace's") {
    const auto account = Identity::parse("system:serviceaccount:shop:web", {"extra"});
    CHECK(account.groups == std::vector<std::string>{"extra", "system:serviceaccounts",
                                                     "system:serviceaccounts:shop",
                                                     "system:authenticated"});
    CHECK(account.is({Subject::Kind::service_account, "shop", "web"}));
    CHECK(account.is({Subject::Kind::user, {}, "system:serviceaccount:shop:web"}));
    CHECK_FALSE(account.is({Subject::Kind::service_account, "other", "web"}));
    CHECK(account.is({Subject::Kind::group, {}, "system:serviceaccounts:shop"}));
}

TEST_CASE("a user is authenticated, and who is anonymous is not") {
    CHECK(Identity::parse("user:jane", {}).is({Subject::Kind::user, {}, "jane"}));
    CHECK(Identity::parse("jane", {}).is_in("system:authenticated"));
    const auto anonymous = Identity::parse("system:anonymous", {});
    CHECK(anonymous.is_in("system:unauthenticated"));
    CHECK_FALSE(anonymous.is_in("system:authenticated"));
    const auto group = Identity::parse("group:dev", {});
    CHECK(group.user.empty());
    CHECK(group.is({Subject::Kind::group, {}, "dev"}));
    CHECK_FALSE(group.is({Subject::Kind::user, {}, ""}));
    // A name of too many parts is no service account's.
    CHECK_FALSE(Identity::parse("system:serviceaccount:a:b:c", {}).is_in("system:serviceaccounts"));
}

TEST_CASE("an aggregated role lacks what its selectors find, through other aggregated ones too") {
    const auto read = rule(R"({"verbs":["get"],"apiGroups":[""],"resources":["pods"]})");
    const auto write = rule(R"({"verbs":["update"],"apiGroups":[""],"resources":["pods"]})");
    Role admin{{}, "admin", {write}, {}}, edit{{}, "edit", {}, {}},
        view{{}, "v", {read, write}, {}};
    const auto by = [](const std::string& key) {
        return cluster::Requirements{
            {key, cluster::Requirement::Operator::in, {std::string("true")}}};
    };
    std::vector<AggregatedRole> roles{{&admin, {}, {by("to-admin")}},
                                      {&edit, {{"to-admin", "true"}}, {by("to-edit")}},
                                      {&view, {{"to-edit", "true"}}, {}}};
    add_pending(roles);
    CHECK(edit.pending == std::vector<PolicyRule>{read, write});
    CHECK(admin.pending == std::vector<PolicyRule>{read});
    CHECK(view.pending.empty());
}
