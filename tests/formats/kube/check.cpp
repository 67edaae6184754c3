#include "formats/kube/check.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "formats/kube/json_check.hpp"

using namespace salvor;
using namespace std::string_view_literals;

namespace {

bool is_json(Bytes text) {
    return kube::check_json(text).has_value();
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

/// A pod of nothing but metadata, whose fields are given.
std::string pod(Bytes metadata, Bytes rest = {}) {
    std::string raw("\x0a");
    raw.append(1, static_cast<char>(metadata.size())).append(metadata).append(rest);
    std::string value("k8s\0\x0a\x09\x0a\x02v1\x12\x03Pod\x12"sv);
    return value.append(1, static_cast<char>(raw.size())).append(raw);
}

}  // namespace

TEST_CASE("what is JSON is told as a JSON library tells it") {
    for (const auto text : {"{}"sv,
                            "[]"sv,
                            " {\"a\" : [1, -2.5e+7, true, null]}\n"sv,
                            "\"\\u00e9\\n\""sv,
                            "0"sv,
                            "-0"sv,
                            "1E5"sv,
                            "01"sv,
                            "-"sv,
                            "1."sv,
                            ".5"sv,
                            "1e"sv,
                            "[1,]"sv,
                            "[,1]"sv,
                            "{\"a\"}"sv,
                            "{\"a\":}"sv,
                            "{\"a\":1,}"sv,
                            "{a:1}"sv,
                            "[1 2]"sv,
                            "[1}"sv,
                            "{} {}"sv,
                            ""sv,
                            " "sv,
                            "tru"sv,
                            "nul"sv,
                            "\"a"sv,
                            "\"a\nb\""sv,
                            "\"\\x\""sv,
                            "\"\\u12\""sv,
                            "{\"a\":{\"b\":[{}]}}"sv,
                            "]"sv,
                            "[[]"sv,
                            "\"\\"sv,
                            "[true,false]"sv,
                            "{\"a\":1 \"b\":2}"sv}) {
        INFO(text);
        CHECK(is_json(text) == nlohmann::json::accept(text));
    }
}

// Go makes a float64 of it, and refuses the object; so does the decoder.
TEST_CASE("a number that no float64 can be is no JSON") {
    CHECK(!is_json("[1e400]"));
    CHECK(!is_json("[-1.5E+309]"));
    CHECK(!is_json("[1" + std::string(400, '0') + "]"));
    CHECK(is_json("[1e-400, 1e308, 18446744073709551616]"));
}

TEST_CASE("JSON that is nested deeper than any real one is refused") {
    CHECK(is_json(nested(kube::max_value_depth)));
    const auto refused = kube::check_json(nested(100'000));
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::too_large);
}

TEST_CASE("wanted texts are found where they stand, the last of two, and unescaped") {
    Bytes name = "untouched", kind, deep;
    const kube::WantedText wanted[] = {
        {{"metadata", "name"}, &name}, {{"kind"}, &kind}, {{"spec", "names", "kind"}, &deep}};
    kube::Document document;
    const auto text =
        R"({"kind":"A","metadata":{"labels":{"name":"x"},"name":"a\"\u0062"},"list":[{"kind":"no"}],)"
        R"("spec":{"names":{"kind":"W"}},"name":"y","kind":"B"})"sv;
    REQUIRE(kube::check_json(text, wanted, document));
    CHECK(name == "a\"b");
    CHECK(kind == "B");
    CHECK(deep == "W");
}

TEST_CASE("an object says who it is, and whether it decodes whole") {
    const kube::Schema schema(kube::schema::newest_release);
    kube::Checker checker(schema);
    const auto value = pod("\x0a\x01p\x1a\x01n\x2a\x01u");
    const auto checked = checker.check(value);
    REQUIRE(checked);
    CHECK(checked->identity.kind == "Pod");
    CHECK(checked->identity.name == "p");
    CHECK(checked->identity.namespace_name == "n");
    CHECK(checked->identity.uid == "u");
    CHECK(checked->is_known);
    CHECK(checked->unknown_field == 0);

    SECTION("each byte less is a flaw, but for what stands behind the object") {
        for (std::size_t size = 0; size < value.size(); ++size) {
            INFO(size);
            CHECK(!checker.check(Bytes(value).substr(0, size)));
        }
    }
    SECTION("a spec that is a number is a flaw, with its place") {
        const auto flawed = pod("\x0a\x01p", "\x10\x05");
        const auto refused = checker.check(flawed);
        REQUIRE(!refused);
        CHECK(refused.error().message.find("spec: field 2 has wire type 0") != std::string::npos);
    }
    SECTION("seconds that are a text are a flaw, as to the decoder") {
        const auto refused = checker.check(pod("\x0a\x01p\x42\x03\x0a\x01x"));
        REQUIRE(!refused);
        CHECK(refused.error().message.find("creationTimestamp") != std::string::npos);
    }
    SECTION("a label of eight fixed bytes is a flaw") {
        const auto refused =
            checker.check(pod("\x0a\x01p\x5a\x0c\x0a\x01k\x11"
                              "12345678"));
        REQUIRE(!refused);
        CHECK(refused.error().message.find("labels: a value of wire type 1") != std::string::npos);
    }
    SECTION("a field that no table has is told and no flaw") {
        const auto newer = pod("\x0a\x01p", "\x12\x04\x9a\x06\x01x");
        const auto known = checker.check(newer);
        REQUIRE(known);
        CHECK(known->unknown_field == 99);
        CHECK(known->unknown_in == "spec");
    }
}

TEST_CASE("a flawed text within a message is refused though sound ones like it were met") {
    const kube::Schema schema(kube::schema::newest_release);
    kube::Checker checker(schema);
    const auto managed = [](Bytes json) {  // metadata.managedFields[0].fieldsV1.raw
        const auto field = [](Bytes tag, Bytes bytes) {
            return std::string(tag).append(1, static_cast<char>(bytes.size())).append(bytes);
        };
        return pod(field("\x8a\x01", field("\x3a", field("\x0a", json))));
    };
    for (int i = 0; i < 3; ++i) {
        CHECK(checker.check(managed(R"({"f:spec":{".":{},"f:a":{}}})")));
        CHECK_FALSE(checker.check(managed(R"({"f:spec":{".":{},"f:a":{]}})")));
        CHECK_FALSE(checker.check(managed(R"({"f:spec":{".":{},"f:a":{}})")));
        CHECK(checker.check(managed(R"({"f:spec":{".":{},"f:b":{}}})")));
    }
}

TEST_CASE("a string of JSON ends where it ends, however long it is") {
    for (std::size_t size = 0; size < 40; ++size) {
        INFO(size);
        const std::string plain(size, 'a');
        CHECK(is_json("\"" + plain + "\""));
        CHECK(is_json("\"" + plain + "\\n" + plain + "\xff\x80\x7f!#[]\""));
        for (const auto* end : {"\x1f\"", "\n\"", "", "\\", "\\a\"", "\"\""})
            CHECK_FALSE(is_json("\"" + plain + end));
    }
}
