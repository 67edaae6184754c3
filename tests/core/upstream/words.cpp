#include <catch2/catch.hpp>
#include <string>

#include "core/upstream/quote.hpp"
#include "core/upstream/row_value.hpp"
#include "core/upstream/storage_version.hpp"

namespace salvor::upstream {
namespace {

using namespace std::string_literals;

// What Go 1.26 prints for each with %q.
TEST_CASE("text is quoted as Go quotes it") {
    CHECK(quote("") == R"("")");
    CHECK(quote("a\"b\\c") == R"("a\"b\\c")");
    CHECK(quote("\a\b\f\n\r\t\v\x01\x7f"s) == R"("\a\b\f\n\r\t\v\x01\x7f")");
    CHECK(quote("\0_"s) == R"("\x00_")");
    CHECK(quote("gr\xC3\xBC\xC3\x9F"s) == "\"gr\xC3\xBC\xC3\x9F\"");
    CHECK(quote("\xFF\xC3"s) == R"("\xff\xc3")");
    CHECK(quote("\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF"s) == R"("\u00a0\u200b\ufeff")");
    CHECK(quote("\xF3\xA0\x80\x81"s) == R"("\U000e0001")");
    CHECK(quote("\xED\xA0\x80"s) == R"("\xed\xa0\x80")");
    CHECK(quote_character('_') == "'_'");
    CHECK(quote_character('\'') == R"('\'')");
    CHECK(quote_character('\xFF') == "'\xC3\xBF'");
    CHECK(quote_character('\0') == R"('\x00')");
}

TEST_CASE("a stored version comes back as go-semver gives it, and empty where it is none") {
    CHECK(normal_version("3.6.0") == "3.6.0");
    CHECK(normal_version("03.+6.0") == "");
    CHECK(normal_version("3.06.-0") == "");
    CHECK(normal_version("3.06.0") == "3.6.0");
    CHECK(normal_version("3.6.0-rc.1+build.2") == "3.6.0-rc.1+build.2");
    CHECK(normal_version("3.6.0-") == "3.6.0");
    CHECK(normal_version("3.6.0-rc..1") == "");
    CHECK(normal_version("3.6") == "");
    CHECK(normal_version("3.6.0.1") == "");
    CHECK(normal_version("") == "");
}

TEST_CASE("a row's user key is found by either protobuf library, and flaws are told in its words") {
    const auto gogo = etcd::Line::v3_6, google = etcd::Line::v3_7;
    const std::string row =
        "\x0a\x03"
        "foo\x10\x02\x18\x02\x20\x01\x2a\x03"
        "bar";
    CHECK(row_user_key(row, gogo) == Bytes("foo"));
    CHECK(row_user_key(row, google) == Bytes("foo"));
    CHECK(row_user_key("", gogo) == Bytes(""));
    CHECK(row_user_key("", google) == Bytes(""));
    const auto flaw = "proto: cannot parse invalid wire-format data"s;
    SECTION("cut short") {
        CHECK(row_user_key(row.substr(0, 4), gogo).error() == "unexpected EOF");
        CHECK(row_user_key(row.substr(0, 4), google).error() == flaw);
    }
    SECTION("a known field of another wire type is unknown to Google's and a flaw to gogo's") {
        CHECK(row_user_key("\x08\x05"s, gogo).error() == "proto: wrong wireType = 0 for field Key");
        CHECK(row_user_key("\x08\x05"s, google) == Bytes(""));
    }
    SECTION("unknown fields are skipped, groups too") {
        const auto group = "\x4b\x08\x01\x4c" + row;
        CHECK(row_user_key(group, gogo) == Bytes("foo"));
        CHECK(row_user_key(group, google) == Bytes("foo"));
        CHECK(row_user_key("\x4b\x08\x01\x54"s, google).error() == flaw);
    }
    SECTION("numbers that do not end, and tags that are none") {
        CHECK(row_user_key(std::string("\x10") + std::string(11, '\x80'), gogo).error() ==
              "proto: integer overflow");
        CHECK(row_user_key(std::string("\x10") + std::string(11, '\x80'), google).error() == flaw);
        CHECK(row_user_key("\x02\x00"s, gogo).error() ==
              "proto: KeyValue: illegal tag 0 (wire type 2)");
        CHECK(row_user_key("\x0c"s, gogo).error() ==
              "proto: KeyValue: wiretype end group for non-group");
        CHECK(row_user_key("\x02\x00"s, google).error() == flaw);
    }
    SECTION("the last of several keys counts") {
        CHECK(row_user_key("\x0a\x01"
                           "a\x0a\x01"
                           "b",
                           gogo) == Bytes("b"));
        CHECK(row_user_key("\x0a\x01"
                           "a\x0a\x01"
                           "b",
                           google) == Bytes("b"));
    }
}

}  // namespace
}  // namespace salvor::upstream
