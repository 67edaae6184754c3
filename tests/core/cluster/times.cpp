#include "core/cluster/times.hpp"

#include <fstream>
#include <sstream>

#include "formats/kube/special.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;
using cluster::Times;

namespace {

std::int64_t seconds(Bytes text) {
    const auto instant = kube::parse_rfc3339(text);
    REQUIRE(instant);
    return instant->seconds;
}

struct Written {
    std::int64_t revision;
    std::int64_t seconds;
    std::string verb;
};

/// When the maker of the snapshot made which call, by its own clock.
std::vector<Written> log_of_the_maker() {
    std::ifstream file(SALVOR_TESTDATA "/real/kube-1.36/answers/written.tsv");
    REQUIRE(file);
    std::vector<Written> log;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        Written one;
        std::string time;
        REQUIRE(fields >> one.revision >> time >> one.verb);
        one.seconds = seconds(time);
        log.push_back(one);
    }
    REQUIRE(log.size() > 600);
    return log;
}

}  // namespace

TEST_CASE("what a revision tells of its own time is when the call was made") {
    const auto snapshot = open_real("kube-1.36/after.db");
    const auto cluster = cluster::Cluster::open(*snapshot.database(), {});
    REQUIRE(cluster);
    const auto times = Times::read(**cluster);
    REQUIRE(times);
    std::size_t exact = 0, near = 0, wide = 0;
    for (const auto& one : log_of_the_maker()) {
        INFO("revision " << one.revision << " by " << one.verb);
        const auto known = times->time_of(one.revision);
        REQUIRE(known);
        if (known->at) {
            REQUIRE(known->at->revision == one.revision);
            REQUIRE(std::abs(known->at->seconds - one.seconds) <= 1);
            ++exact;
            continue;
        }
        if (known->not_before) REQUIRE(known->not_before->seconds <= one.seconds + 1);
        if (known->not_after) REQUIRE(known->not_after->seconds >= one.seconds - 1);
        const bool both = known->not_before && known->not_after;
        ++(both && known->not_after->seconds - known->not_before->seconds <= 2 ? near : wide);
    }
    CAPTURE(exact, near, wide);
    REQUIRE(exact > 300);
    REQUIRE(wide < 10);
}

TEST_CASE("a deletion is timed by its neighbours") {
    const auto snapshot = open_real("kube-1.36/after.db");
    const auto cluster = cluster::Cluster::open(*snapshot.database(), {});
    REQUIRE(cluster);
    const auto times = Times::read(**cluster);
    REQUIRE(times);
    const auto known = times->time_of(1118);  // flipflop's end
    REQUIRE(known);
    REQUIRE_FALSE(known->at);
    REQUIRE(known->not_before);
    REQUIRE(known->not_before->text().find("at revision 1117") != std::string::npos);
    REQUIRE(known->not_before->seconds == seconds("2026-11-23T08:50:54Z"));
    REQUIRE(known->not_after);
    REQUIRE(known->not_after->seconds == seconds("2026-11-23T08:50:54Z"));
}

TEST_CASE("times never fall from a revision to the next") {
    const auto snapshot = open_real("kube-1.36/after.db");
    const auto cluster = cluster::Cluster::open(*snapshot.database(), {});
    REQUIRE(cluster);
    const auto times = Times::read(**cluster);
    REQUIRE(times);
    std::optional<std::int64_t> last;
    for (std::int64_t revision = 1; revision <= 1175; ++revision) {
        const auto known = times->time_of(revision);
        const auto best = known ? known->best() : std::nullopt;
        if (last) {
            REQUIRE(best);
            REQUIRE(*best >= *last);
        }
        last = best;
    }
}

TEST_CASE("the last revision of a moment stands before the first that is later") {
    const auto snapshot = open_real("kube-1.36/after.db");
    const auto cluster = cluster::Cluster::open(*snapshot.database(), {});
    REQUIRE(cluster);
    const auto times = Times::read(**cluster);
    REQUIRE(times);

    const auto then = times->last_revision_not_later_than(seconds("2026-11-23T08:50:53Z"));
    REQUIRE(then);
    REQUIRE(then->before.seconds <= seconds("2026-11-23T08:50:53Z"));
    REQUIRE(then->after);
    REQUIRE(then->after->revision == then->revision + 1);
    REQUIRE(then->after->seconds > seconds("2026-11-23T08:50:53Z"));

    const auto long_after = times->last_revision_not_later_than(seconds("2030-01-01T00:00:00Z"));
    REQUIRE(long_after);
    REQUIRE(long_after->revision == 1175);
    REQUIRE_FALSE(long_after->after);

    REQUIRE_FALSE(times->last_revision_not_later_than(seconds("2020-01-01T00:00:00Z")));
}
