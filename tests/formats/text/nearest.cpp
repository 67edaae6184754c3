#include "formats/text/nearest.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

TEST_CASE("the nearest word is the one that fewest letters part, of equals the first") {
    CHECK(text::nearest("podz", {"pods", "pod"}) == "pods");
    CHECK(text::nearest("paymets", {"default", "payments"}) == "payments");
    CHECK(text::did_you_mean("verfy", {"info", "verify"}) == " (did you mean verify?)");
}

TEST_CASE("a word that is far from all is answered with none") {
    CHECK(text::nearest("frobnicate", {"info", "verify"}).empty());
    CHECK(text::did_you_mean("x", {}).empty());
}
