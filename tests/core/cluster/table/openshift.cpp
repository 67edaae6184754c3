#include <catch2/catch.hpp>

#include "core/cluster/table/table.hpp"
#include "formats/kube/json.hpp"

using namespace salvor;

namespace {

/// The cells of one object of OpenShift, with blanks and bars between.
std::string cells(const char* word, const std::string& json) {
    const cluster::Catalog catalog(28);
    const auto named = catalog.find(word);
    REQUIRE(named);
    kube::Document document;
    auto object = kube::parse_json(json, document);
    REQUIRE(object);
    const auto layout = table::Layout::of(named->type, {}, 28, table::Width::narrow);
    std::string line;
    for (const auto& cell :
         layout.cells(*object, {kube::parse_rfc3339("2026-01-11T00:00:00Z").value()}))
        line += (line.empty() ? "" : " | ") + cell;
    return line;
}

}  // namespace

TEST_CASE("OpenShift's resources are found by plural, singular and short name") {
    const cluster::Catalog catalog(28);
    CHECK(catalog.find("routes")->type->full_name() == "routes.route.openshift.io");
    CHECK(catalog.find("dc")->type->kind == "DeploymentConfig");
    CHECK(catalog.find("identity.user.openshift.io")->type->key_prefix == "useridentities");
    CHECK(catalog.at_key("oauth/accesstokens/sha256~a")->kind == "OAuthAccessToken");
}

TEST_CASE("a Route's table has its hosts, backends and termination") {
    CHECK(cells("route", R"({"metadata":{"name":"web"},"spec":{"host":"a.example","path":"/x",
        "to":{"name":"blue","weight":3},"alternateBackends":[{"name":"green","weight":1}],
        "port":{"targetPort":"http"},"tls":{"termination":"edge","insecureEdgeTerminationPolicy":"Redirect"},
        "wildcardPolicy":"None"},"status":{"ingress":[
        {"host":"a.example","conditions":[{"type":"Admitted","status":"True"}]},
        {"host":"b.example","conditions":[{"type":"Admitted","status":"True"}]}]}})") ==
          "web | a.example ... 1 more | /x | blue(75%),green(25%) | http | edge/Redirect | None");
    CHECK(cells("route", R"({"metadata":{"name":"web"},"spec":{"host":"a.example",
        "to":{"name":"blue","weight":100}},"status":{"ingress":[{"host":"a.example","conditions":
        [{"type":"Admitted","status":"False","reason":"HostAlreadyClaimed"}]}]}})") ==
          "web | HostAlreadyClaimed |  | blue | <all> |  | ");
}

TEST_CASE("a DeploymentConfig's table has what triggers it") {
    CHECK(cells("dc", R"({"metadata":{"name":"d"},"spec":{"replicas":2,"test":true,
        "template":{"spec":{"containers":[{"name":"c"}]}},"triggers":[{"type":"ConfigChange"},
        {"type":"ImageChange","imageChangeParams":{"automatic":true,"containerNames":["c"],
        "from":{"kind":"ImageStreamTag","name":"app:latest"}}}]},
        "status":{"latestVersion":4,"updatedReplicas":1}})") ==
          "d | 4 | 2 (during test) | 1 | config,image(app:latest)");
}

TEST_CASE("a Build's table has its source, status and time") {
    CHECK(cells("builds", R"({"metadata":{"name":"b-1"},"spec":{"strategy":{"sourceStrategy":{}},
        "source":{"git":{"uri":"u","ref":"main"}},"revision":{"git":{"commit":"0123456789abcdef0123456789abcdef01234567"}}},
        "status":{"phase":"Failed","reason":"PushFailed","startTimestamp":"2026-01-10T22:00:00Z","duration":90000000000}})") ==
          "b-1 | Source | Git@0123456 | Failed (PushFailed) | 2 hours ago | 1m30s");
}

TEST_CASE("an ImageStream's table has its repository, tags and last image") {
    CHECK(cells("is",
                R"({"metadata":{"name":"app"},"status":{"dockerImageRepository":"registry/ns/app",
        "tags":[{"tag":"latest","items":[{"created":"2026-01-01T00:00:00Z"}]},{"tag":"v1"}]}})") ==
          "app | registry/ns/app | latest,v1 | 10 days ago");
}

TEST_CASE("a Template's table counts its parameters") {
    CHECK(cells("templates", R"({"metadata":{"name":"t","annotations":{"description":"one\ntwo"}},
        "parameters":[{"name":"a","generate":"expression"},{"name":"b","value":"x"}],"objects":[{},{}]})") ==
          "t | one... | 2 (1 generated) | 2");
}
