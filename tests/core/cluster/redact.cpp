#include "core/cluster/redact.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;
using namespace salvor::cluster;

namespace {

/// An object as it is shown, of its stored JSON.
std::string redacted(const std::string& json, const ObjectKey& key = {},
                     Redactor::Equality equality = Redactor::Equality::hidden) {
    static const kube::Schema schema(36);
    etcd::KeyValue row;
    row.key = "/registry/x/y/z";
    row.value = json;
    const auto object = Object::open(schema, key, row, nullptr);
    REQUIRE(object);
    kube::Document document;
    auto value = object->value_tree(document, {true, false});
    REQUIRE(value);
    Redactor(equality).redact(*object, *value, document);
    std::string out;
    kube::JsonSink sink(out);
    kube::tell(*value, sink);
    return out;
}

}  // namespace

TEST_CASE("a Secret's data and stringData are redacted, their names and sizes stay") {
    CHECK(redacted(R"j({"apiVersion":"v1","data":{"k":"c2VjcmV0"},"kind":"Secret",)j"
                   R"j("stringData":{"s":"x"},"type":"Opaque"})j") ==
          R"j({"apiVersion":"v1","data":{"k":"redacted (6 bytes)"},"kind":"Secret",)j"
          R"j("stringData":{"s":"redacted (1 byte)"},"type":"Opaque"})j");
}

TEST_CASE("copies of a Secret in its annotations are redacted") {
    const auto shown = redacted(
        R"j({"apiVersion":"v1","kind":"Secret","metadata":{"annotations":{)j"
        R"j("kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"c2VjcmV0\"},)j"
        R"j(\"metadata\":{\"annotations\":{}},\"stringData\":{\"p\":\"hunter2\"}}\n",)j"
        R"j("broken":"{\"data\":{\"k\":\"c2VjcmV0\"","plain":"text"}}})j");
    CHECK(shown.find("c2VjcmV0") == std::string::npos);
    CHECK(shown.find("hunter2") == std::string::npos);
    CHECK(shown.find(R"j(\"k\":\"redacted (6 bytes)\")j") != std::string::npos);
    CHECK(shown.find(R"j("plain":"text")j") != std::string::npos);
    CHECK(shown.find(R"j("broken":"redacted (23 bytes)")j") != std::string::npos);
}

TEST_CASE("a value at a Secret's key is a Secret whatever it says") {
    const Catalog catalog(36);
    const auto key = parse_key(catalog, "secrets/a/b");
    const auto shown =
        redacted(R"j({"apiVersion":"v1","data":{"k":"c2VjcmV0"},"kind":"ConfigMap"})j", key);
    CHECK(shown.find("c2VjcmV0") == std::string::npos);
}

TEST_CASE("a Secret within a List, a Template or a custom resource is redacted") {
    const auto shown = redacted(
        R"j({"apiVersion":"template.openshift.io/v1","kind":"Template","metadata":{"annotations":{)j"
        R"j("last":"{\"objects\":[{\"kind\":\"Secret\",\"stringData\":{\"p\":\"hunter2\"}}]}"}},)j"
        R"j("objects":[{"data":{"k":"c2VjcmV0"},"kind":"\u0053ecret"},)j"
        R"j({"data":{"k":"c2VjcmV0cw=="},"kind":"ConfigMap"}]})j");
    CHECK(shown.find("hunter2") == std::string::npos);
    CHECK(shown.find(R"j("c2VjcmV0")j") == std::string::npos);
    CHECK(shown.find(R"j(\"p\":\"redacted (7 bytes)\")j") != std::string::npos);
    CHECK(shown.find(R"j({"data":{"k":"redacted (6 bytes)"},"kind":"Secret"})j") !=
          std::string::npos);
    CHECK(shown.find(R"j("k":"c2VjcmV0cw==")j") != std::string::npos);
}

TEST_CASE("a reference to a Secret stays as it is") {
    const std::string json =
        R"j({"apiVersion":"x.io/v1","kind":"X","spec":{"ref":{"kind":"Secret","name":"a"}}})j";
    CHECK(redacted(json) == json);
}

TEST_CASE("other objects stay as they are") {
    const std::string json = R"j({"apiVersion":"v1","data":{"k":"c2VjcmV0"},"kind":"ConfigMap"})j";
    CHECK(redacted(json) == json);
}

TEST_CASE("OpenShift's tokens and client secrets are redacted") {
    CHECK(
        redacted(R"j({"apiVersion":"oauth.openshift.io/v1","authorizeToken":"aaaa",)j"
                 R"j("kind":"OAuthAccessToken","metadata":{"name":"tttt"},"refreshToken":""})j") ==
        R"j({"apiVersion":"oauth.openshift.io/v1","authorizeToken":"redacted (4 bytes)",)j"
        R"j("kind":"OAuthAccessToken","metadata":{"name":"redacted (4 bytes)"},)j"
        R"j("refreshToken":"redacted (0 bytes)"})j");
    CHECK(redacted(R"j({"kind":"OAuthAccessToken","metadata":{"name":"sha256~abc"}})j") ==
          R"j({"kind":"OAuthAccessToken","metadata":{"name":"sha256~abc"}})j");
    CHECK(redacted(R"j({"additionalSecrets":["b"],"kind":"OAuthClient","secret":"a"})j") ==
          R"j({"additionalSecrets":["redacted (1 byte)"],"kind":"OAuthClient",)j"
          R"j("secret":"redacted (1 byte)"})j");
}

TEST_CASE("where equality must show, equal secrets look equal within one run alone") {
    const Redactor one(Redactor::Equality::shown), another(Redactor::Equality::shown);
    CHECK(one.in_place_of("hunter2") == one.in_place_of("hunter2"));
    CHECK(one.in_place_of("hunter2") != one.in_place_of("hunter3"));
    CHECK(one.in_place_of("hunter2") != another.in_place_of("hunter2"));
}
