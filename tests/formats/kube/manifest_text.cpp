#include "formats/kube/manifest_text.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/sinks.hpp"
#include "formats/kube/yaml_scalar.hpp"

using namespace salvor;

namespace {

std::string json_of(const kube::Value& value) {
    std::string text;
    kube::JsonSink sink(text);
    kube::tell(value, sink);
    return text;
}

/// Each document's JSON, one behind the other.
std::string read(Bytes text) {
    kube::Document document;
    const auto manifests = kube::read_manifests(text, document);
    if (!manifests) return manifests.error().message;
    std::string all;
    for (const auto& each : *manifests) all += json_of(each);
    return all;
}

}  // namespace

TEST_CASE("a plain scalar is what YAML 1.1 makes of it, a quoted one a text") {
    CHECK(read("a: [yes, off, ~, 0777, 0x1F, 1_000, -5, 1.5, 1e3, .5, 1.2.3, 12:30, n1, +7, -]") ==
          R"({"a":[true,false,null,511,31,1000,-5,1.5,1000,0.5,"1.2.3","12:30","n1",7,"-"]})");
    CHECK(read("a: ['yes', \"0777\", !!str 5]") == R"({"a":["yes","0777","5"]})");
    CHECK(read("a: [9223372036854775808, -9223372036854775808]") ==
          R"({"a":[9223372036854775808,-9223372036854775808]})");
}

TEST_CASE("a map of many members is read at once, and what aliases unfold to is bounded") {
    std::string many = "a:\n";
    for (int i = 0; i < 100'000; ++i) many += fmt::format("  k{}: 1\n", i);
    kube::Document document;
    const auto read_many = kube::read_manifests(many, document);
    REQUIRE(read_many);
    CHECK(read_many->front().find("a")->members.size() == 100'000);
    std::string unfolding = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int i = 1; i < 9; ++i)
        unfolding +=
            fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
    CHECK(read(unfolding).ends_with("deeper or more than any manifest is"));
}

TEST_CASE("objects with a comma between them are refused, and not looked for without end") {
    CHECK(read(R"({"a":1},{"b":2})") == "what stands behind a document begins no other");
    CHECK(read("a: 1\n---\n{b: 2},\n") == "what stands behind a document begins no other");
}

TEST_CASE("what is no UTF-8 is read as U+FFFD") {
    CHECK(read("a: x\xD4\xD1.y\n").find("\xD4") == std::string::npos);
}

TEST_CASE("a stream's documents are read one by one, a List by its items, empty ones not at all") {
    CHECK(read("---\na: 1\n---\n---\n# nothing\n---\na: 2\n") == R"({"a":1}{"a":2})");
    CHECK(read("kind: List\nitems:\n- {a: 1}\n- kind: PodList\n  items: [{a: 2}]\n") ==
          R"({"a":1}{"a":2})");
    CHECK(read(R"(  {"a": "\u00e9\/", "b": [1.0]})") == R"({"a":"é/","b":[1]})");
}

TEST_CASE("anchors unfold and merge, and what only is called so is a member") {
    CHECK(read("x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\n") ==
          R"({"x":{"a":1,"b":2},"y":{"a":3,"b":2}})");
    CHECK(read("y: {<<: {a: 1}}\n") == R"({"y":{"\u003c\u003c":{"a":1}}})");
    CHECK(read("y: {<<: [{}, []]}\n") == R"({"y":{"\u003c\u003c":[{},[]]}})");
}

TEST_CASE("letters that YAML 1.1 breaks lines at are read as they were") {
    CHECK(read("a: \"\\Nx\\_\"\n") == "{\"a\":\"\xC2\x85x\xC2\xA0\"}");
    CHECK(read("a: '\xE2\x80\xA8    b\xE2\x80\xA9'\n") == R"({"a":"\u2028b\u2029"})");
}

TEST_CASE("what is no YAML, too deep or without an end is one sentence with its line") {
    CHECK(read("a: 1\nb: [\n").starts_with("line "));
    CHECK(read("a: {b: 1}\n  c: 2\n").starts_with("line "));
    CHECK(read("? [a]\n: 1\n").find("no text") != std::string::npos);
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        bomb += fmt::format("a{}: &a{} [", i, i);
        for (int k = 0; k < 10; ++k) bomb += fmt::format("{}*a{}", k ? ", " : "", i - 1);
        bomb += "]\n";
    }
    CHECK(read(bomb).find("more than any manifest") != std::string::npos);
}
