#include "core/diff/overlay.hpp"

#include <catch2/catch.hpp>

#include "core/cluster/changes.hpp"
#include "formats/kube/manifest_text.hpp"

using namespace salvor;

namespace {

/// The paths at which a manifest differs from what there is.
std::string drift(Bytes live, Bytes manifest) {
    kube::Document document;
    const auto before = kube::read_manifests(live, document);
    const auto stated = kube::read_manifests(manifest, document);
    REQUIRE(before);
    REQUIRE(stated);
    const auto applied = diff::overlaid(before->front(), stated->front(), nullptr);
    std::string paths;
    for (const auto& field : cluster::changes(before->front(), applied, nullptr).fields)
        paths += (paths.empty() ? "" : " ") + field.path;
    return paths;
}

}  // namespace

TEST_CASE("only what a manifest states counts") {
    CHECK(drift("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 2}}").empty());
    CHECK(drift("{a: 1, b: {c: 2}}", "{b: {c: 4}, e: 5}") == "b.c e");
    CHECK(drift("{a: 1}", "{a: null}").empty());
}

TEST_CASE("what is stated as nothing and is absent is the same") {
    CHECK(drift("{a: 1}", "{b: {}, c: [], d: '', e: false, f: 0, g: {h: {}}}").empty());
    CHECK(drift("{a: 1}", "{a: 0}") == "a");
    CHECK(drift("{a: true}", "{a: false}") == "a");
}

TEST_CASE("items of a keyed list are found by their key, any other list counts as a whole") {
    const auto* live =
        "{containers: [{name: a, image: x, tty: true}, {name: b, image: y}], "
        "args: [p, q]}";
    CHECK(drift(live, "{containers: [{name: b, image: y}]}").empty());
    CHECK(drift(live, "{containers: [{name: a, image: z}]}") == "containers[name=a].image");
    CHECK(drift(live, "{containers: [{name: c}]}") == "containers[name=c]");
    CHECK(drift(live, "{args: [p]}") == "args[1]");
    CHECK(drift(live, "{args: [p, q, r]}") == "args[2]");
}

TEST_CASE("a quantity written in another way is the same, a text is not") {
    CHECK(drift("{limits: {cpu: '1', memory: 1Gi}}", "{limits: {cpu: 1000m, memory: 1024Mi}}")
              .empty());
    CHECK(drift("{limits: {cpu: '1'}}", "{limits: {cpu: 1}}").empty());
    CHECK(drift("{limits: {cpu: '1'}}", "{limits: {cpu: 1001m}}") == "limits.cpu");
    CHECK(drift("{labels: {cpu: '1'}}", "{labels: {cpu: '1.0'}}") == "labels.cpu");
}
