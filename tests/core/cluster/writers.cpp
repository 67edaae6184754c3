#include "core/cluster/writers.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;

namespace {

/// An entry of managedFields, all of one second.
std::string entry(const std::string& manager, const std::string& fields, char second = '1') {
    return R"({"manager":")" + manager + R"(","operation":"Update","time":"2026-01-01T00:00:0)" +
           second + R"(Z","fieldsV1":)" + fields + "}";
}
std::string object(const std::string& spec, const std::string& entries) {
    return R"({"metadata":{"managedFields":[)" + entries + R"(]},"spec":)" + spec + "}";
}

std::string between(const std::string& before, const std::string& after) {
    kube::Document documents[2];
    const auto a = kube::parse_json(before, documents[0]);
    const auto b = kube::parse_json(after, documents[1]);
    REQUIRE(a);
    REQUIRE(b);
    std::string names;
    for (const auto& writer : cluster::writers_between({*a, a->at({"metadata", "managedFields"})},
                                                       {*b, b->at({"metadata", "managedFields"})}))
        names += (names.empty() ? "" : " ") + writer.manager;
    return names;
}

const auto owns_list = entry("owner", R"({"f:spec":{"f:list":{"k:{\"name\":\"b\"}":{".":{},)"
                                      R"("f:name":{},"f:image":{}}}}})");
const auto owns_other = entry("other", R"({"f:spec":{"f:other":{}}})");

}  // namespace

TEST_CASE("who has a new entry, or one of another time, has written") {
    const auto before = object(R"({"other":1})", owns_other);
    CHECK(between(before, object(R"({"other":2})", entry("other", "{}", '2'))) == "other");
    CHECK(between(before, object(R"({"other":2})", owns_other + "," + entry("new", "{}"))) ==
          "new");
    CHECK(between(before, before).empty());
}

TEST_CASE("of two writes within a second the owner of what changed has written") {
    const auto both = owns_list + "," + owns_other;
    const auto state = [&](const char* image, const char* other) {
        return object(std::string(R"({"list":[{"name":"a","image":"x"},{"name":"b","image":")") +
                          image + R"("}],"other":)" + other + "}",
                      both);
    };
    CHECK(between(state("1", "1"), state("2", "1")) == "owner");
    CHECK(between(state("1", "1"), state("1", "2")) == "other");
}

TEST_CASE("a change that nobody owns has no writer") {
    CHECK(between(object(R"({"other":1,"x":1})", owns_other),
                  object(R"({"other":1,"x":2})", owns_other))
              .empty());
}

TEST_CASE("who owns a map as a whole gives way to who owns its member") {
    const auto whole = entry("maker", R"({"f:spec":{"f:map":{}}})");
    const auto member = entry("owner", R"({"f:spec":{"f:map":{"f:a":{}}}})");
    const auto state = [&](const char* a, const std::string& entries) {
        return object(std::string(R"({"map":{"a":)") + a + "}}", entries);
    };
    CHECK(between(state("1", whole + "," + member), state("2", whole + "," + member)) == "owner");
    CHECK(between(state("1", whole), state("2", whole)) == "maker");
}

TEST_CASE("an item of a set is owned by its value") {
    const auto owner = entry("owner", R"({"f:spec":{"f:set":{"v:\"b\"":{}}}})");
    CHECK(between(object(R"({"set":["a"]})", owner), object(R"({"set":["a","b"]})", owner)) ==
          "owner");
    CHECK(
        between(object(R"({"set":["b"]})", owner), object(R"({"set":["a","b"]})", owner)).empty());
}

TEST_CASE("fields that are written in no known way own nothing") {
    const auto strange = entry("owner", R"({"f:spec":{"k:{":{},"v:":{},"x":{},"":{}}})");
    CHECK(between(object(R"({"a":1})", strange), object(R"({"a":2})", strange)).empty());
}
