#include "core/timeline/carved.hpp"

#include <catch2/catch.hpp>

using namespace salvor;
using namespace salvor::timeline;

namespace {

etcd::KeyValue state(std::int64_t create, std::int64_t mod, std::int64_t version) {
    return {"k", create, mod, version, {}, 0};
}

}  // namespace

TEST_CASE("a state of the same life follows, or follows after writes that are lost") {
    const auto next = link(state(5, 7, 2), 7, state(5, 9, 3));
    REQUIRE(next);
    CHECK(next->same_life);
    CHECK(next->lost_writes == 0);
    const auto later = link(state(5, 7, 2), 7, state(5, 20, 9));
    REQUIRE(later);
    CHECK(later->same_life);
    CHECK(later->lost_writes == 6);
}

TEST_CASE("a state that was created later is of another life") {
    const auto other = link(state(5, 7, 2), 7, state(11, 20, 4));
    REQUIRE(other);
    CHECK_FALSE(other->same_life);
}

TEST_CASE("of a record cut before its revisions nothing is told") {
    CHECK_FALSE(link(state(5, 7, 2), 7, state(0, 9, 0)));
}
