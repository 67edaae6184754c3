#include "core/cluster/changes.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "formats/kube/json.hpp"
#include "formats/kube/sinks.hpp"

using namespace salvor;

namespace {

std::string json(const std::optional<kube::Value>& value) {
    if (!value) return "absent";
    std::string text;
    kube::JsonSink sink(text);
    kube::tell(*value, sink);
    return text;
}

/// A line a change: `path: before -> after`.
std::string changes(Bytes before, Bytes after, Bytes schema = {}) {
    kube::Document documents[3];
    const auto a = kube::parse_json(before, documents[0]);
    const auto b = kube::parse_json(after, documents[1]);
    REQUIRE(a);
    REQUIRE(b);
    std::optional<kube::Value> of_crd;
    if (!schema.empty()) of_crd = *kube::parse_json(schema, documents[2]);
    const auto found = cluster::changes(*a, *b, of_crd ? &*of_crd : nullptr);
    std::string lines;
    for (const auto& one : found.fields)
        lines += one.path + ": " + json(one.before) + " -> " + json(one.after) + "\n";
    return lines;
}

}  // namespace

TEST_CASE("equal objects have no changes, whatever the order of their members") {
    REQUIRE(changes(R"({"a":1,"b":{"c":[1,2]}})", R"({"b":{"c":[1,2]},"a":1})").empty());
}

TEST_CASE("a change is told at the deepest field, what is new or gone whole") {
    REQUIRE(changes(R"({"spec":{"a":1,"b":{"x":true}}})", R"({"spec":{"a":2,"c":{"y":null}}})") ==
            "spec.a: 1 -> 2\nspec.b: {\"x\":true} -> absent\nspec.c: absent -> {\"y\":null}\n");
}

TEST_CASE("a member whose name would not stand alone in a path is quoted") {
    REQUIRE(changes(R"({"metadata":{"labels":{"a.b/c":"1"}}})",
                    R"({"metadata":{"labels":{"a.b/c":"2"}}})") ==
            "metadata.labels[\"a.b/c\"]: \"1\" -> \"2\"\n");
}

TEST_CASE("a list of texts is compared place by place, finalizers as a set") {
    REQUIRE(changes(R"({"args":["a","b"]})", R"({"args":["b"]})") ==
            "args[0]: \"a\" -> \"b\"\nargs[1]: \"b\" -> absent\n");
    REQUIRE(changes(R"({"finalizers":["a","b"]})", R"({"finalizers":["b","c d"]})") ==
            "finalizers[\"c d\"]: absent -> \"c d\"\nfinalizers[a]: \"a\" -> absent\n");
}

TEST_CASE("containers are told apart by name") {
    REQUIRE(changes(R"({"containers":[{"name":"a","image":"x:1"},{"name":"b","image":"y"}]})",
                    R"({"containers":[{"name":"b","image":"y"},{"name":"a","image":"x:2"}]})") ==
            "containers[name=a].image: \"x:1\" -> \"x:2\"\n");
}

TEST_CASE("keyed items in another order are told as such") {
    REQUIRE(changes(R"({"env":[{"name":"A"},{"name":"B"}]})",
                    R"({"env":[{"name":"B"},{"name":"A"}]})") ==
            "env[order]: [\"name=A\",\"name=B\"] -> [\"name=B\",\"name=A\"]\n");
}

TEST_CASE("ports are told apart by what they have: a container's or a service's") {
    REQUIRE(changes(R"({"ports":[{"port":80,"protocol":"TCP","nodePort":1}]})",
                    R"({"ports":[{"port":80,"protocol":"TCP","nodePort":2}]})") ==
            "ports[port=80,protocol=TCP].nodePort: 1 -> 2\n");
    REQUIRE(changes(R"({"ports":[{"containerPort":80,"name":"a"}]})",
                    R"({"ports":[{"containerPort":80,"name":"b"}]})") ==
            "ports[containerPort=80].name: \"a\" -> \"b\"\n");
}

TEST_CASE("a key that does not tell the items apart is not used") {
    REQUIRE(changes(R"({"containers":[{"name":"a"},{"name":"a"}]})",
                    R"({"containers":[{"name":"a"},{"name":"b"}]})") ==
            "containers[1].name: \"a\" -> \"b\"\n");
}

TEST_CASE("of a custom resource the CRD says how lists merge") {
    constexpr Bytes schema = R"({"properties":{"spec":{"properties":{
        "steps":{"items":{"properties":{}},"x-kubernetes-list-type":"map",
                 "x-kubernetes-list-map-keys":["id"]},
        "env":{"items":{}}}}}})";
    REQUIRE(changes(R"({"spec":{"steps":[{"id":1,"a":1},{"id":2}]}})",
                    R"({"spec":{"steps":[{"id":2},{"id":1,"a":2}]}})",
                    schema) == "spec.steps[id=1].a: 1 -> 2\n");
    REQUIRE(changes(R"({"spec":{"env":[{"name":"A"},{"name":"B"}]}})",
                    R"({"spec":{"env":[{"name":"B"},{"name":"A"}]}})", schema) ==
            "spec.env[0].name: \"A\" -> \"B\"\nspec.env[1].name: \"B\" -> \"A\"\n");
    REQUIRE(changes(R"({"metadata":{"finalizers":["a","b"]}})",
                    R"({"metadata":{"finalizers":["b"]}})",
                    schema) == "metadata.finalizers[a]: \"a\" -> absent\n");
}
