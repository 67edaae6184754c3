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

TEST_CASE("a time span is cut to the digits that kubectl shows") {
    constexpr std::int64_t minute = 60, hour = 3600, day = 86'400, year = 365 * day;
    CHECK(text::human_duration(-2) == "<invalid>");
    CHECK(text::human_duration(-1) == "0s");
    CHECK(text::human_duration(0) == "0s");
    CHECK(text::human_duration(119) == "119s");
    CHECK(text::human_duration(2 * minute) == "2m");
    CHECK(text::human_duration(2 * minute + 1) == "2m1s");
    CHECK(text::human_duration(10 * minute - 1) == "9m59s");
    CHECK(text::human_duration(10 * minute + 59) == "10m");
    CHECK(text::human_duration(3 * hour - 1) == "179m");
    CHECK(text::human_duration(3 * hour + 59) == "3h");
    CHECK(text::human_duration(3 * hour + minute) == "3h1m");
    CHECK(text::human_duration(8 * hour - 1) == "7h59m");
    CHECK(text::human_duration(8 * hour + 59 * minute) == "8h");
    CHECK(text::human_duration(2 * day - 1) == "47h");
    CHECK(text::human_duration(2 * day) == "2d");
    CHECK(text::human_duration(2 * day + hour) == "2d1h");
    CHECK(text::human_duration(8 * day - 1) == "7d23h");
    CHECK(text::human_duration(8 * day + 23 * hour) == "8d");
    CHECK(text::human_duration(2 * year - 1) == "729d");
    CHECK(text::human_duration(2 * year) == "2y");
    CHECK(text::human_duration(2 * year + day) == "2y1d");
    CHECK(text::human_duration(8 * year - 1) == "7y364d");
    CHECK(text::human_duration(8 * year + 364 * day) == "8y");
    CHECK(text::human_duration(INT64_MAX) == "292y");
}
