#include <catch2/catch.hpp>

#include "formats/kube/peek.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/kube/stored.hpp"
#include "tests/formats/worked_example.hpp"

using namespace salvor;

TEST_CASE("the example of kube's FORMAT.md reads as the YAML beside it") {
    const auto value = worked_example("kube");
    CHECK(value.size() == 275);
    CHECK(kube::object_uid(value) == "e92737fc-4c6b-4eb9-ae9c-8793679bc420");
    const auto envelope = kube::open_envelope(value);
    REQUIRE(envelope);
    const kube::Schema schema(36);
    const auto* shape = schema.find(envelope->api_version, envelope->kind);
    REQUIRE(shape);
    std::string yaml;
    kube::YamlSink sink(yaml);
    REQUIRE(kube::render_object(schema, *shape, envelope->raw,
                                {envelope->api_version, envelope->kind, {}, true}, sink));
    sink.finish();
    const auto paper = content_of(SALVOR_SOURCE "/formats/kube/FORMAT.md");
    const auto begin = paper.find("```yaml\n") + 8;
    CHECK(yaml == paper.substr(begin, paper.find("```", begin) - begin));
}
