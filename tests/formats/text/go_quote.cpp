#include "formats/text/go_quote.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

namespace {
std::string quoted(Bytes text) {
    std::string out;
    text::append_go_quoted(out, text);
    return out;
}
}  // namespace

// What fmt.Printf("%q") of Go 1.26 printed for the same bytes.
TEST_CASE("text is quoted as Go's %q does it") {
    CHECK(quoted("") == R"("")");
    CHECK(quoted("a \"b\" \\ 'c' `d`") == R"("a \"b\" \\ 'c' `d`")");
    CHECK(quoted("\a\b\f\n\r\t\v") == R"("\a\b\f\n\r\t\v")");
    CHECK(quoted(Bytes("\0\x01\x1b\x7f", 4)) == R"("\x00\x01\x1b\x7f")");
    CHECK(quoted("\xff"
                 "a\xc3") == R"("\xffa\xc3")");
    CHECK(quoted("h\xc3\xb6her \xe6\x97\xa5 \xf0\x9f\x98\x80") ==
          "\"h\xc3\xb6her \xe6\x97\xa5 \xf0\x9f\x98\x80\"");
    CHECK(quoted("\xc2\x80\xc2\xa0\xc2\xad") == R"("\u0080\u00a0\u00ad")");
    CHECK(quoted("\xe2\x80\xa8\xe2\x80\x8b\xef\xbb\xbf") == R"("\u2028\u200b\ufeff")");
    CHECK(quoted("\xf3\xa0\x80\x81\xee\x80\x80") == R"("\U000e0001\ue000")");
    CHECK(quoted("\xed\xa0\x80") == R"("\xed\xa0\x80")");
}
