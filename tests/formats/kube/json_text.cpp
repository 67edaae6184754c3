#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"
#include "formats/kube/json_text.hpp"
#include "formats/kube/sinks.hpp"

using namespace salvor;
using namespace std::string_literals;

namespace {

template <class Sink>
std::string by_tree(Bytes text) {
    kube::Document document;
    const auto value = kube::parse_json(text, document);
    REQUIRE(value);
    std::string out;
    Sink sink(out);
    kube::tell(*value, sink);
    return out;
}

template <class Sink>
std::string by_text(const kube::JsonText& text, const kube::JsonText::Metadata& metadata = {}) {
    std::string out;
    Sink sink(out);
    text.tell(sink, metadata);
    return out;
}

}  // namespace

TEST_CASE("a JSON text tells what its tree tells") {
    for (const auto& text :
         {R"({"kind":"A","apiVersion":"v1","a10":1,"a9":[1,-2,3.5,1e21,-0,-0.0,1.0,[],{}]})"s,
          R"({"b":{"x":1},"a":"1","b":{"y":"<&>\u0001\u2028\n\"\\"},"a":null})"s,
          R"({"n":[123456789012345678901234567890,-9223372036854775809,18446744073709551616]})"s,
          R"({"a\"1":"18446744073709551616","b":[1.5e+3,18446744073709551616,-1,1e2]})"s,
          R"({"n":[9223372036854775807,9223372036854775808,-9223372036854775808,0.1,1E-7]})"s,
          R"({"":"","é":"é\u00e9","long":")"s + std::string(300, 'x') + "<" + std::string(40, 'y') +
              R"(","metadata":{"managedFields":[{}],"name":"a"}})",
          "[]"s, "\"text\""s, "17"s, " {\n\t\"a\" : true , \"b\" : false }\r\n"s}) {
        INFO(text);
        const auto parsed = kube::JsonText::parse(text);
        REQUIRE(parsed);
        CHECK(by_text<kube::JsonSink>(*parsed) == by_tree<kube::JsonSink>(text));
        CHECK(by_text<kube::YamlSink>(*parsed) == by_tree<kube::YamlSink>(text));
    }
}

TEST_CASE("what is strange in a JSON text is left to the parser that judges it") {
    for (const auto& text : {""s, "{"s, "{}x"s, R"({"a":"\ud800"})"s, R"({"a":"\uDC00"})"s,
                             "{\"a\":\"\xff\"}"s, R"({"a":1e999})"s, std::string(100'000, '['),
                             std::string(300, '[') + std::string(300, ']')}) {
        CHECK_FALSE(kube::JsonText::parse(text));
    }
    for (std::size_t size = 0; size < 40; ++size) {
        INFO(size);
        const std::string plain(size, 'u');
        CHECK_FALSE(kube::JsonText::parse("\"" + plain + "\\uD834\\uDD1E" + plain + "\""));
        CHECK(kube::JsonText::parse("\"" + plain + "\\u00e9\\\\" + plain + "\""));
    }
}

TEST_CASE("a JSON text's writers are told with their times, in their order") {
    const auto parsed = kube::JsonText::parse(
        R"({"metadata":{"managedFields":[{"manager":"a","time":"1"},{"manager":7},{"time":"2"}]}})");
    REQUIRE(parsed);
    std::string told;
    parsed->each_manager([&](Bytes manager, Bytes time) {
        told.append(manager).append("@").append(time).append(";");
    });
    CHECK(told == "a@1;@;@2;");
}

TEST_CASE("a JSON text's metadata is told without managedFields and with another version") {
    const auto parsed = kube::JsonText::parse(
        R"({"metadata":{"uid":"u","resourceVersion":"1","name":"n","managedFields":[1]},"a":{"metadata":{"managedFields":2}}})");
    REQUIRE(parsed);
    CHECK(
        by_text<kube::JsonSink>(*parsed, {false, "7"}) ==
        R"({"a":{"metadata":{"managedFields":2}},"metadata":{"name":"n","resourceVersion":"7","uid":"u"}})");
    const auto bare = kube::JsonText::parse(R"({"metadata":{},"kind":"A"})");
    REQUIRE(bare);
    CHECK(bare->text("kind") == "A");
    CHECK(bare->text("apiVersion").empty());
    CHECK(by_text<kube::JsonSink>(*bare, {true, "7"}) ==
          R"({"kind":"A","metadata":{"resourceVersion":"7"}})");
    const auto none = kube::JsonText::parse(R"({"metadata":[1]})");
    REQUIRE(none);
    CHECK(by_text<kube::JsonSink>(*none, {false, "7"}) == R"({"metadata":[1]})");
}

TEST_CASE("JSON texts that are open at once do not disturb each other") {
    std::vector<kube::JsonText> texts;
    for (int i = 0; i < 10; ++i)
        texts.push_back(*kube::JsonText::parse(fmt::format(R"({{"kind":"K{}"}})", i)));
    for (int i = 0; i < 10; ++i)
        CHECK(texts[static_cast<std::size_t>(i)].text("kind") == fmt::format("K{}", i));
}
