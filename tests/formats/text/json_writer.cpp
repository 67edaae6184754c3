#include "formats/text/json_writer.hpp"

#include <catch2/catch.hpp>

#include "formats/text/go_json.hpp"

using namespace salvor;

namespace {

std::string written(Bytes text) {
    std::string out;
    text::JsonWriter(out).string(text);
    return out;
}

std::string escaped(Bytes text) {
    std::string out;
    text::append_go_string(out, text);
    return out;
}

}  // namespace

TEST_CASE("a writer's string is Go's, whatever byte stands wherever in it") {
    for (std::size_t size = 0; size < 70; ++size) {
        std::string text(size, 'a');
        CHECK(written(text) == escaped(text));
        for (std::size_t at = 0; at < size; ++at) {
            for (int c = 0; c < 256; ++c) {
                text[at] = static_cast<char>(c);
                if (written(text) != escaped(text)) FAIL(size << " bytes, " << c << " at " << at);
            }
            text[at] = 'a';
        }
    }
}

TEST_CASE("a writer's text stands in the string once it has ended or settled") {
    std::string out = "before ";
    text::JsonWriter json(out, 2);
    json.begin_object();
    json.key("a");
    json.integer(-7);
    json.settle();
    CHECK(out == "before {\n  \"a\": -7");
    json.key("b<");
    json.begin_array();
    json.string("line\n");
    json.real(1.5);
    json.null();
    json.end_array();
    json.key("c");
    json.begin_object();
    json.end_object();
    json.end_object();
    CHECK(
        out ==
        "before {\n  \"a\": -7,\n  \"b\\u003c\": [\n    \"line\\n\",\n    1.5,\n    null\n  ],\n  "
        "\"c\": {}\n}");
}

TEST_CASE("a writer goes on where a long text has grown") {
    std::string out;
    text::JsonWriter json(out);
    std::string wanted = "[";
    json.begin_array();
    for (int i = 0; i < 1000; ++i) {
        json.string(std::string(static_cast<std::size_t>(i), 'x'));
        wanted += (i > 0 ? ",\"" : "\"") + std::string(static_cast<std::size_t>(i), 'x') + "\"";
    }
    json.end_array();
    CHECK(out == wanted + "]");
}
