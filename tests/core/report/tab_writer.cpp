#include "core/report/tab_writer.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

namespace {

std::string laid_out(const std::vector<std::vector<std::string>>& lines) {
    report::TabWriter writer;
    for (const auto& line : lines) writer.line(line);
    std::string out;
    writer.flush([&](Bytes text) { out += text; });
    return out;
}

}  // namespace

// What is expected here is what Go's text/tabwriter gave with kubectl's settings.
TEST_CASE("columns are as wide as their widest cell, at least 6, with 3 blanks between") {
    CHECK(laid_out({{"NAME", "A", "AGE"}, {"x", "", "5m"}}) ==
          "NAME   A     AGE\nx            5m\n");
    CHECK(laid_out({{"a-long-name", "b", ""}}) == "a-long-name   b     \n");
    CHECK(laid_out({{"one"}, {"a-longer-one"}}) == "one\na-longer-one\n");
    CHECK(laid_out({}).empty());
}

TEST_CASE("a width counts code points, and what is no UTF-8 is one") {
    CHECK(laid_out({{"Łódź", "|"}, {"\xFFxy", "|"}}) == "Łódź   |\n\xEF\xBF\xBDxy    |\n");
}

TEST_CASE("a column that ends and comes again keeps at least the width it had") {
    CHECK(laid_out({{"wide-cell", "b"}, {"alone"}, {"x", "y"}}) ==
          "wide-cell   b\nalone\nx           y\n");
    CHECK(laid_out({{"x", "y"}, {"alone"}, {"wide-cell", "b"}}) ==
          "x     y\nalone\nwide-cell   b\n");
}

TEST_CASE("a column within another ends where a line lacks it") {
    CHECK(laid_out({{"a", "bbbbbbbbb", "c"},
                    {"d", "e"},
                    {"ffffffffff", "g", "h"},
                    {"i", "jjjjjjjjjjjjj", "k"}}) ==
          "a            bbbbbbbbb   c\n"
          "d            e\n"
          "ffffffffff   g               h\n"
          "i            jjjjjjjjjjjjj   k\n");
}

TEST_CASE("a cell ends at its first line break, an escape shows, a tab makes two of it") {
    CHECK(laid_out({{"a\nb", "c\rd", "e\ff"}}) == "a...   c...   e...\n");
    CHECK(laid_out({{"\x1B[31m", "x"}}) == "^[[31m   x\n");
    CHECK(laid_out({{"a\tb", "c"}, {"d", "e"}}) == "a     b     c\nd     e\n");
    CHECK(laid_out({{"a\vb", "c"}}) == "a     b     c\n");
}

TEST_CASE("a cell of a million tabs is laid out in one breath") {
    const std::string tabs(1'000'000, '\t');
    const auto out = laid_out({{tabs, "end"}, {"x", "y"}, {tabs, "end"}});
    CHECK(out.size() == 2 * (1'000'001 * 6 + 4) + 6 + 2);
}

TEST_CASE("a writer that was flushed begins anew") {
    report::TabWriter writer;
    std::string out;
    const auto sink = [&](Bytes text) { out += text; };
    writer.line({"a-long-name", "b"});
    CHECK_FALSE(writer.empty());
    writer.flush(sink);
    CHECK(writer.empty());
    writer.line({"x", "y"});
    writer.flush(sink);
    CHECK(out == "a-long-name   b\nx     y\n");
}

TEST_CASE("a description's columns have 2 blanks between, and no width but their lines'") {
    report::TabWriter writer(report::description_layout);
    writer.text("Name:\tx\nLong Title:\ty\nalone\na:\tb\tc\r\x1B\n");
    std::string out;
    writer.flush([&](Bytes text) { out += text; });
    CHECK(out == "Name:        x\nLong Title:  y\nalone\na:  b  c\\r^[\n");
}
