#include "core/diff/field_path.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;
using diff::FieldPath;

namespace {

struct Parsed {
    kube::Document document;
    kube::Value value;
};

std::size_t taken(const char* path, Parsed& parsed) {
    return FieldPath::parse(path)->take_out_of(parsed.value).size();
}

void parse(Parsed& parsed, Bytes text) {
    parsed.value = *kube::parse_json(text, parsed.document);
}

}  // namespace

TEST_CASE("a field is taken out by the path that diff prints for it") {
    Parsed parsed;
    parse(parsed, R"({"metadata":{"labels":{"a.b/c":"x","d":"y"}},
        "spec":{"containers":[{"name":"web","image":"a"},{"name":"log","image":"b"}],
                "ports":[{"port":80,"protocol":"TCP"}],"args":["-v","-w"]}})");
    CHECK(taken("metadata.labels[\"a.b/c\"]", parsed) == 1);
    CHECK(taken("metadata.labels[\"a.b/c\"]", parsed) == 0);
    CHECK(taken("metadata.labels.d", parsed) == 1);
    CHECK(taken("spec.containers[name=web].image", parsed) == 1);
    CHECK(taken("spec.containers[*].image", parsed) == 1);
    CHECK(taken("spec.ports[port=80,protocol=TCP]", parsed) == 1);
    CHECK(taken("spec.args[1]", parsed) == 1);
    CHECK(parsed.value.at({"spec", "args"})->items.size() == 1);
    CHECK(taken("spec", parsed) == 1);
    CHECK(parsed.value.find("spec") == nullptr);
}

TEST_CASE("a path covers what lies below it and not what only begins alike") {
    const auto path = *FieldPath::parse("metadata.labels");
    CHECK(path.covers("metadata.labels"));
    CHECK(path.covers("metadata.labels.app"));
    CHECK(path.covers("metadata.labels[\"a/b\"]"));
    CHECK_FALSE(path.covers("metadata.labelsOfOld"));
    CHECK_FALSE(path.covers("metadata"));
}

TEST_CASE("what is no path is refused") {
    for (const auto* text : {"", ".", "a.", "a..b", "a[", "a[]", "a[\"b]", ".."}) {
        CAPTURE(text);
        CHECK_FALSE(FieldPath::parse(text));
    }
}
