#include "formats/text/human.hpp"

#include <catch2/catch.hpp>

#include "formats/text/time.hpp"

using namespace salvor;

TEST_CASE("a size has about three digits and never more than its unit") {
    CHECK(text::human_size(0) == "0 B");
    CHECK(text::human_size(999) == "999 B");
    CHECK(text::human_size(1000) == "1.0 kB");
    CHECK(text::human_size(24'576) == "25 kB");
    CHECK(text::human_size(999'499) == "999 kB");
    CHECK(text::human_size(999'500) == "1.0 MB");
    CHECK(text::human_size(8'589'934'592) == "8.6 GB");
    CHECK(text::human_size(~0ULL) == "18 EB");
}

TEST_CASE("a time is RFC 3339 in UTC, at both ends too") {
    CHECK(text::rfc3339(0) == "1970-01-01T00:00:00Z");
    CHECK(text::rfc3339(1'700'000'000) == "2023-11-14T22:13:20Z");
    CHECK(text::rfc3339(INT64_MIN) == "0000-01-01T00:00:00Z");
    CHECK(text::rfc3339(INT64_MAX) == "9999-12-31T23:59:59Z");
}
