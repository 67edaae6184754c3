#include "core/query/pattern.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/special.hpp"

using namespace salvor;
using namespace salvor::query;

namespace {

Pattern made(const std::vector<std::string>& patterns, bool fixed = false, bool any_case = false) {
    auto pattern = Pattern::of(patterns, {fixed, any_case});
    REQUIRE(pattern);
    return std::move(*pattern);
}

std::string padded(const std::string& text) {
    return std::string(40, 'x') + text + std::string(40, 'y');
}

}  // namespace

TEST_CASE("a text is seen in stored bytes wherever it stands, in base64 too") {
    const auto pattern = made({"hunter2"});
    CHECK(pattern.may_stand_in(padded("hunter2")));
    CHECK(pattern.may_stand_in("hunter2"));
    CHECK_FALSE(pattern.may_stand_in(padded("hunter")));
    for (const std::string before : {"", "a", "ab", "abc"})
        CHECK(pattern.may_stand_in(padded(kube::base64(before + "hunter2 and more"))));
    CHECK_FALSE(pattern.may_stand_in(padded(kube::base64("hunted"))));
}

TEST_CASE("what JSON escapes does not hide a text") {
    CHECK(made({"a<secret>b"}).may_stand_in(padded("a\\u003csecret\\u003eb")));
    CHECK(made({"say \"hello\""}).may_stand_in(padded("say \\\"hello\\\"")));
    CHECK(made({"<<&&>>"}).is_anywhere());
}

TEST_CASE("what may be a number, a time or a truth may stand anywhere") {
    for (const auto* text : {"80", "8080", "2026-11-23T08", "true", "als", "1h", "-1", "5m0s", ""})
        CHECK(made({text}).is_anywhere());
    for (const auto* text : {"web", "10.0.0.x", "sums", "time"})
        CHECK_FALSE(made({text}, true).is_anywhere());
}

TEST_CASE("an expression's fixed parts are looked for first, if it has any") {
    const auto pattern = made({"image: .*nginx"});
    CHECK_FALSE(pattern.is_anywhere());
    CHECK(pattern.may_stand_in(padded("image: our/nginx")));
    CHECK(made({"[0-9]+"}).is_anywhere());
    CHECK(made({"."}).is_anywhere());
    CHECK(made({"foo", "[a-z]"}).is_anywhere());
    CHECK(made({"^web$"}).may_stand_in(padded("web")));
}

TEST_CASE("letters in any case are found, by forms that are not ASCII's too") {
    const auto pattern = made({"Kestrel"}, false, true);
    CHECK(pattern.holds("KESTREL"));
    CHECK(
        pattern.holds("\xe2\x84\xaa"
                      "estrel"));  // the kelvin sign
    CHECK(
        pattern.may_stand_in(padded("\xe2\x84\xaa"
                                    "ESTREL")));
    CHECK(pattern.may_stand_in(padded("kesTRel")));
}

TEST_CASE("many texts at once are told from none of them") {
    std::vector<std::string> words;
    for (int i = 0; i < 200; ++i)
        words.push_back("password-" + std::string(1, static_cast<char>('a' + i % 26)) +
                        std::to_string(i));
    const auto pattern = made(words, true);
    CHECK(pattern.may_stand_in(padded("password-a0")));
    CHECK(pattern.may_stand_in(padded(kube::base64("the password-b27"))));
    CHECK_FALSE(pattern.may_stand_in(padded("password-z0")));
    CHECK(pattern.holds("a password-b27 here"));
    CHECK_FALSE(pattern.holds("a password-b26 here"));
}

TEST_CASE("no pattern finds nothing, and a flawed one is refused by name") {
    CHECK_FALSE(made({}).holds(""));
    CHECK_FALSE(made({}).holds("x"));
    const auto flawed = Pattern::of({"fine", "(open"}, {});
    REQUIRE_FALSE(flawed);
    CHECK(flawed.error().code == ErrorCode::usage);
    CHECK(flawed.error().message.find("(open") != std::string::npos);
    CHECK(made({"(open"}, true).holds("an (open one"));
}

TEST_CASE("needles are found at every place of a text of any length") {
    Needles needles;
    needles.add("needle", Needles::Letters::as_they_are);
    needles.add("Other", Needles::Letters::in_any_case);
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string hay(size, 'n');
        CHECK_FALSE(needles.stand_in(hay));
        for (std::size_t at = 0; at <= size; ++at) {
            CHECK(needles.stand_in(hay.substr(0, at) + "needle" + hay.substr(at)));
            CHECK(needles.stand_in(hay.substr(0, at) + "oTHER" + hay.substr(at)));
        }
    }
}
