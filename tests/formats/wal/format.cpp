#include <catch2/catch.hpp>

#include "formats/base/checksum.hpp"
#include "formats/wal/reader.hpp"
#include "tests/formats/wal/test_log.hpp"
#include "tests/formats/worked_example.hpp"

using namespace salvor;

TEST_CASE("the worked example of the WAL's FORMAT.md reads as the paper says") {
    const auto bytes = worked_example("wal");
    CHECK(bytes.size() == 288);
    wal::Segment segment;
    segment.bytes = bytes;
    std::vector<std::string> checks;
    const auto log = wal::read_segments(
        {std::move(segment)}, [&](const Problem& problem) { checks.emplace_back(problem.check); });
    CHECK(checks.empty());
    CHECK(log.ending == wal::Ending::clean);
    CHECK(log.records == 6);
    CHECK(log.node == etcd::MemberId{0x8e9e05c52164694d});
    CHECK(log.cluster == etcd::ClusterId{0xcdf818194e3a8c32});
    CHECK(log.hard_state.term == 1);
    CHECK(log.hard_state.vote == 0x8e9e05c52164694d);
    CHECK(log.hard_state.commit == 1);
    REQUIRE(log.entries.size() == 1);
    CHECK(log.entries[0].type == wal::Entry::Type::conf_change);
    CHECK(log.entries[0].term == 1);
    CHECK(log.entries[0].index == 1);
    CHECK(log.entries[0].data.size() == 98);
    CHECK(log.entries[0].offset == 80);
    REQUIRE(log.snapshots.size() == 2);
    CHECK(log.snapshots[0].index == 0);
    CHECK_FALSE(log.snapshots[0].conf_state);
    CHECK(log.snapshots[1].index == 1);
    CHECK(log.snapshots[1].conf_state->voters == std::vector{etcd::MemberId{0x8e9e05c52164694d}});
}
