#include "core/cluster/time_order.hpp"

#include <catch2/catch.hpp>

using salvor::cluster::TimeMark;

namespace {

constexpr TimeMark server(std::int64_t seconds) {
    return {seconds, true, false};
}
constexpr TimeMark reporter(std::int64_t seconds) {
    return {seconds, true, true};
}
constexpr TimeMark not_before(std::int64_t seconds) {
    return {seconds, false, false};
}

std::vector<bool> believable(const std::vector<TimeMark>& marks) {
    return salvor::cluster::believable(marks.size(), [&](std::size_t i) { return marks[i]; });
}

using Answer = std::vector<bool>;

}  // namespace

TEST_CASE("times that rise are all believed, equal ones too") {
    REQUIRE(believable({server(1), server(1), reporter(2), not_before(2), server(3)}) ==
            Answer{true, true, true, true, true});
    REQUIRE(believable({}).empty());
}

TEST_CASE("one time far in the future moves nothing") {
    REQUIRE(believable({server(1), server(4'000'000'000), server(2), server(3)}) ==
            Answer{true, false, true, true});
    REQUIRE(believable({server(1), not_before(4'000'000'000), server(2)}) ==
            Answer{true, false, true});
}

TEST_CASE("one time far in the past moves nothing") {
    REQUIRE(believable({server(5), server(6), server(-7), server(7)}) ==
            Answer{true, true, false, true});
}

TEST_CASE("a reporter's clock that is wrong is outvoted by one apiserver's") {
    REQUIRE(believable({reporter(90), server(10), reporter(91), reporter(92), server(11),
                        reporter(11)}) == Answer{false, true, false, false, true, true});
}

TEST_CASE("reporters are believed where no apiserver tells a time") {
    REQUIRE(believable({reporter(1), reporter(99), reporter(2), reporter(3)}) ==
            Answer{true, false, true, true});
}
