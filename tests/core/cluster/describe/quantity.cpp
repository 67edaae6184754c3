#include "core/cluster/describe/quantity.hpp"

#include <catch2/catch.hpp>

using salvor::describe::Quantity;

namespace {

Quantity sum(std::string_view a, std::string_view b) {
    auto total = Quantity::parse(a).value();
    total.add(Quantity::parse(b).value());
    return total;
}

}  // namespace

// Expected texts are those of apimachinery pkg/api/resource, printed by a program of it.
TEST_CASE("a sum of quantities keeps the first one's form") {
    CHECK(sum("100m", "900m").text() == "1");
    CHECK(sum("1Gi", "512Mi").text() == "1536Mi");
    CHECK(sum("1500m", "1").text() == "2500m");
    CHECK(sum("128M", "1Gi").text() == "1201741824");
    CHECK(sum("1e3", "500").text() == "1500");
    CHECK(sum("1100e-3", "1").text() == "2100e-3");
    CHECK(sum("0", "1Gi").text() == "1Gi");
    CHECK(sum("512", "2Ki").text() == "2560");
}

TEST_CASE("a binary quantity with a fraction is written as a decimal one") {
    CHECK(Quantity::parse("1.5Gi")->text() == "1536Mi");
    CHECK(Quantity::parse("0.1Gi")->text() == "107374182400m");
    CHECK(Quantity::parse("100Ki")->text() == "100Ki");
    CHECK(Quantity::parse("1000Ki")->text() == "1000Ki");
}

TEST_CASE("values are rounded up") {
    CHECK(Quantity::parse("1m")->value() == 1);
    CHECK(Quantity::parse("1500m")->value() == 2);
    CHECK(Quantity::parse("1u")->milli_value() == 1);
    CHECK(Quantity::parse("2")->milli_value() == 2000);
}

TEST_CASE("a text that is no quantity is none") {
    for (const auto* text :
         {"", "x", "1x", "1KiB", "1e", "e3", "1e99", "--1", "99999999999999999999999999999999"})
        CHECK_FALSE(Quantity::parse(text));
}
