#include "core/timeline/keyspace.hpp"

#include "tests/core/timeline/real_data.hpp"

using namespace salvor;

TEST_CASE("the head and the compaction state of real snapshots are what their servers said") {
    for (const auto* line : {"etcd-3.4", "etcd-3.5", "etcd-3.6", "etcd-3.7"}) {
        for (const auto* name : {"rich", "compacted"}) {
            const auto snapshot = open_real(std::string(line) + "/" + name + ".db");
            const auto revisions =
                real_answer(std::string(line) + "/answers/" + name + "/revisions.json");
            const auto bounds = timeline::bounds(*snapshot.database());
            REQUIRE(bounds);
            CHECK(bounds->current == revisions.at("head").get<std::int64_t>());
            if (std::string(name) == "rich") {
                CHECK(bounds->compacted == -1);
            } else {
                CHECK(bounds->compacted == revisions.at("compacted_at").get<std::int64_t>());
                CHECK(bounds->finished == bounds->scheduled);
            }
        }
    }
}

TEST_CASE("an empty store stands at revision 1 and was never compacted") {
    const auto snapshot = open_real("etcd-3.4/fresh-empty.db");
    const auto bounds = timeline::bounds(*snapshot.database());
    REQUIRE(bounds);
    CHECK(bounds->current == 1);
    CHECK(bounds->compacted == -1);
}

TEST_CASE("a walk over the rows stops where it is told to") {
    const auto snapshot = open_real("etcd-3.6/rich.db");
    std::size_t seen = 0;
    REQUIRE(timeline::for_each_row(*snapshot.database(), [&](const timeline::Row& row) {
        CHECK(row.raw_key.size() ==
              (row.row_key.tombstone ? etcd::tombstone_size : etcd::revision_size));
        return ++seen < 300;
    }));
    CHECK(seen == 300);
}
