#include <catch2/catch.hpp>

#include "formats/snap/snap_file.hpp"
#include "tests/formats/worked_example.hpp"

using namespace salvor;

TEST_CASE(
    "the worked example of the .snap files' FORMAT.md is read and written as the paper says") {
    const auto bytes = worked_example("snap");
    const auto snap = snap::parse(bytes);
    REQUIRE(snap);
    CHECK(snap->term == 2);
    CHECK(snap->index == 7);
    CHECK(snap->data == "{}");
    CHECK(snap->conf_state.voters == std::vector{etcd::MemberId{7}, etcd::MemberId{9}});
    CHECK(snap::encode(etcd::Line::v3_6, *snap) == bytes);
}
