#include "core/report/page.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

TEST_CASE("a long sentence is broken at spaces and goes on behind its indent") {
    const std::string half(60, 'a');
    CHECK(report::wrapped(half + " " + half, 4) == half + "\n    " + half);
    CHECK(report::wrapped("short", 4) == "short");
}

TEST_CASE("a word that is too long for a line stays whole") {
    const std::string word(150, 'a');
    CHECK(report::wrapped(word + " b", 4) == word + "\n    b");
}

TEST_CASE("a command between backquotes is not broken") {
    const std::string text = std::string(80, 'a') + " `salvor verify backup.db`";
    CHECK(report::wrapped(text, 4) == std::string(80, 'a') + "\n    `salvor verify backup.db`");
}
