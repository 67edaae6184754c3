#include "formats/text/go_json.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

namespace {
std::string string_of(Bytes text) {
    std::string out;
    text::append_go_string(out, text);
    return out;
}
std::string bytes_of(Bytes bytes) {
    std::string out;
    text::append_go_bytes(out, bytes);
    return out;
}
}  // namespace

TEST_CASE("a JSON string is escaped as Go does it") {
    CHECK(string_of("") == R"("")");
    CHECK(string_of("plain /\x7f") == "\"plain /\x7f\"");
    CHECK(string_of("\"\\\b\f\n\r\t\x01\x1f") == R"("\"\\\b\f\n\r\t\u0001\u001f")");
    CHECK(string_of("<a&b>") == R"("\u003ca\u0026b\u003e")");
    CHECK(string_of("\xe2\x80\xa8\xe2\x80\xa9") == R"("\u2028\u2029")");
    CHECK(string_of("h\xc3\xb6her \xf0\x9f\x98\x80") == "\"h\xc3\xb6her \xf0\x9f\x98\x80\"");
    CHECK(string_of("\xff"
                    "a\xc3") == R"("\ufffda\ufffd")");
}

TEST_CASE("a byte slice is base64 with its padding") {
    CHECK(bytes_of("") == R"("")");
    CHECK(bytes_of("f") == R"("Zg==")");
    CHECK(bytes_of("fo") == R"("Zm8=")");
    CHECK(bytes_of("foo") == R"("Zm9v")");
    CHECK(bytes_of("foob") == R"("Zm9vYg==")");
    CHECK(bytes_of("\xff\xff\xfe") == R"("///+")");
}
