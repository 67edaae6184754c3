#include "formats/text/line_diff.hpp"

#include <catch2/catch.hpp>

using salvor::text::unified_hunks;

TEST_CASE("equal texts have no hunks", "[line_diff]") {
    CHECK(unified_hunks("", "").empty());
    CHECK(unified_hunks("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("a changed line stands with three lines of context", "[line_diff]") {
    CHECK(unified_hunks("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
          "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes that are far apart stand in hunks of their own", "[line_diff]") {
    CHECK(unified_hunks("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n") ==
          "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

TEST_CASE("a text that was empty is told from line 0", "[line_diff]") {
    CHECK(unified_hunks("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n");
    CHECK(unified_hunks("a\n", "") == "@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("a line feed that is missing at the end is said", "[line_diff]") {
    CHECK(unified_hunks("a", "a\n") == "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("texts that differ beyond the bound are told as replaced", "[line_diff]") {
    std::string before, after;
    for (int i = 0; i < 4000; ++i) {
        before += "old " + std::to_string(i) + "\n";
        after += "new " + std::to_string(i) + "\n";
    }
    const auto hunks = unified_hunks("same\n" + before, "same\n" + after);
    CHECK(hunks.starts_with("@@ -1,4001 +1,4001 @@\n same\n-old 0\n"));
    CHECK(hunks.ends_with("+new 3999\n"));
}
