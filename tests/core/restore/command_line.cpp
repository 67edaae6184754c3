#include "core/restore/command_line.hpp"

#include <catch2/catch.hpp>
#include <cstdio>

using namespace salvor;
using namespace salvor::restore;

namespace {

/// What sh makes of a line that prints one word.
std::string through_shell(const std::string& word) {
    std::FILE* shell = ::popen(("printf %s " + word).c_str(), "r");
    REQUIRE(shell);
    std::string text;
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) text += static_cast<char>(c);
    CHECK(::pclose(shell) == 0);
    return text;
}

}  // namespace

TEST_CASE("a plain word is shown as it is, every other one quoted") {
    CHECK(shell_word("/var/lib/etcd") == "/var/lib/etcd");
    CHECK(shell_word("m1=http://[::1]:2380,m2=http://b:1") == "m1=http://[::1]:2380,m2=http://b:1");
    CHECK(shell_word("") == "''");
    CHECK(shell_word("my dir") == "'my dir'");
    CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("the shell gives a word back as it was, whatever is in it") {
    for (const std::string word :
         {"", "a b", "it's", "$HOME", "`id`", "\\", "~", "*", "#", "\"", "a\nb", "[ab]", "!x"}) {
        CHECK(through_shell(shell_word(word)) == word);
    }
}

TEST_CASE("members are named one after another, made harmless for a terminal") {
    CHECK(names_of({}) == "none");
    CHECK(names_of({{"m1", {}}, {"m\x1b[2J", {}}}) == "m1, m\\x1b[2J");
}
