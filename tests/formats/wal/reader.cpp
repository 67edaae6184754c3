#include "formats/wal/reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "formats/snap/snap_file.hpp"
#include "formats/wal/start.hpp"
#include "tests/formats/wal/test_log.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_with(const fs::path& dir, const char* extension) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(dir)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    return files;
}

/// A log read from files, with what was told.
struct Outcome {
    std::vector<Problem> problems;
    wal::Log log;

    explicit Outcome(const std::vector<fs::path>& files) {
        auto read =
            wal::read(files, [this](Problem problem) { problems.push_back(std::move(problem)); });
        REQUIRE(read);
        log = std::move(*read);
    }
    std::vector<std::string> checks() const {
        std::vector<std::string> names;
        for (const auto& problem : problems) names.emplace_back(problem.check);
        return names;
    }
    std::vector<std::string> starting_from(std::uint64_t term, std::uint64_t index) const {
        std::vector<std::string> messages;
        wal::check_start(log, {index, term, {}, 0}, [&](Problem problem) {
            CHECK(problem.check == std::string("wal-start"));
            messages.push_back(std::move(problem.message));
        });
        return messages;
    }
};

Outcome read(const TestLog& log) {
    TemporaryDirectory dir;
    return Outcome(log.write(dir.path()));
}

using Checks = std::vector<std::string>;

TestLog three_entries() {
    TestLog log;
    log.metadata().snapshot(0, 0).entry(1, 1).state(1, 1).entry(2, 2).entry(2, 3,
                                                                            std::string(2000, 'x'));
    return log;
}

std::string row(const wal::Entry& entry) {
    return fmt::format("{} {} {}", entry.term, entry.index,
                       entry.type == wal::Entry::Type::normal ? "norm" : "conf");
}

void check_against_dump(const fs::path& wal_dir, const fs::path& dump) {
    const Outcome outcome(files_with(wal_dir, ".wal"));
    CHECK(outcome.checks().empty());
    CHECK(outcome.log.ending == wal::Ending::clean);
    std::ifstream lines(dump);
    std::string line;
    REQUIRE(std::getline(lines, line));
    const auto& log = outcome.log;
    CHECK(line == fmt::format("nodeID={:x} clusterID={:x} term={} commitIndex={} vote={:x}",
                              number(*log.node), number(*log.cluster), log.hard_state.term,
                              log.hard_state.commit, log.hard_state.vote));
    // The dump begins behind the newest snapshot.
    std::size_t at = log.newest_committed_snapshot()->index + 1 - log.entries.first_index();
    CHECK(log.entries.size() - at > 1900);
    for (; at < log.entries.size(); ++at) {
        REQUIRE(std::getline(lines, line));
        REQUIRE(row(log.entries[at]) == line);
    }
    CHECK_FALSE(std::getline(lines, line));
}

}  // namespace

TEST_CASE("a killed 3.5 member's log has the entries that etcd-dump-logs lists") {
    check_against_dump(SALVOR_TESTDATA "/real/member-3.5/as-killed/member-data/member/wal",
                       SALVOR_TESTDATA "/real/member-3.5/answers/wal-entries.txt");
}

TEST_CASE("a killed 3.6 member's log has the entries that etcd-dump-logs lists") {
    check_against_dump(SALVOR_TESTDATA "/real/member-3.6/m1/m1/member/wal",
                       SALVOR_TESTDATA "/real/member-3.6/answers/m1-wal-entries.txt");
}

TEST_CASE("real members' newest .snap files are in their logs, and the logs start from them") {
    const std::pair<const char*, const char*> members[] = {
        {"member-3.6/m1/m1/member", "0000000000000002-0000000000001d4f.snap"},
        {"kube-1.36/member-dir/member", "0000000000000002-00000000000003e9.snap"}};
    for (const auto& [path, newest] : members) {
        const fs::path member = fs::path(SALVOR_TESTDATA "/real") / path;
        const Outcome outcome(files_with(member / "wal", ".wal"));
        CHECK(outcome.checks().empty());
        std::vector<Problem> problems;
        const auto chosen = snap::newest(
            files_with(member / "snap", ".snap"),
            [&](auto term, auto index) {
                return outcome.log.committed_snapshot(term, index) != nullptr;
            },
            [&](Problem problem) { problems.push_back(std::move(problem)); });
        REQUIRE(chosen);
        REQUIRE(*chosen);
        CHECK(problems.empty());
        CHECK((*chosen)->path.filename() == newest);
        const auto& snap = (*chosen)->snap;
        CHECK(snap.data.starts_with("{\"Root\":"));
        const auto* record = outcome.log.newest_committed_snapshot();
        REQUIRE(record);
        CHECK(record->index == snap.index);
        CHECK(record->conf_state->voters == snap.conf_state.voters);
        CHECK(outcome.starting_from(snap.term, snap.index).empty());
    }
}

TEST_CASE("a log's zeros behind the last record are preallocated space") {
    auto log = three_entries();
    log.bytes().resize(log.bytes().size() + 4096);
    const auto outcome = read(log);
    CHECK(outcome.checks().empty());
    CHECK(outcome.log.entries.size() == 3);
    CHECK(outcome.log.entries[2].data == std::string(2000, 'x'));
    CHECK(outcome.log.hard_state.commit == 1);
    CHECK(outcome.log.node == etcd::MemberId{7});
    CHECK(outcome.log.segments[0].data_end == log.bytes().size() - 4096);
}

TEST_CASE("a last record that was cut short anywhere is a torn tail, and all before it is kept") {
    const auto whole = three_entries();
    for (std::size_t kept : {1, 7, 8, 9, 600, 2016}) {
        auto log = whole;
        log.bytes().resize(log.last_frame() + kept);
        const auto outcome = read(log);
        INFO(kept);
        CHECK(outcome.checks() == Checks{"wal-torn"});
        CHECK(outcome.log.ending == wal::Ending::torn);
        CHECK(outcome.log.entries.size() == 2);
        CHECK(outcome.problems[0].place.offset == log.last_frame());
        CHECK(outcome.problems[0].place.file == "member/wal/0000000000000000-0000000000000000.wal");
    }
}

TEST_CASE("a last record of which a sector is zero is a torn tail") {
    auto log = three_entries();
    const std::size_t sector = (log.last_frame() / 512 + 2) * 512;
    log.bytes().replace(sector, 512, 512, '\0');
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-torn"});
    CHECK(outcome.log.ending == wal::Ending::torn);
}

TEST_CASE("a last record of which less than a sector is zero is damage, not a torn tail") {
    auto log = three_entries();
    const std::size_t sector = (log.last_frame() / 512 + 2) * 512;
    log.bytes().replace(sector, 511, 511, '\0');
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-crc"});
    CHECK(outcome.log.ending == wal::Ending::broken);
}

TEST_CASE("in a segment that is not the last nothing is taken for a torn tail") {
    for (const bool cut : {true, false}) {
        auto log = three_entries();
        if (cut) {
            log.bytes().resize(log.last_frame() + 600);
        } else {
            log.bytes().replace((log.last_frame() / 512 + 2) * 512, 512, 512, '\0');
        }
        log.next_segment(4).metadata().state(2, 3).entry(2, 4);
        const auto outcome = read(log);
        CHECK(outcome.checks() == Checks{cut ? "wal-frame" : "wal-crc"});
        CHECK(outcome.log.ending == wal::Ending::broken);
        CHECK(outcome.log.entries.last_index() == 2);
    }
}

TEST_CASE("any flipped bit of a record is found") {
    const auto whole = three_entries();
    auto log = whole;
    const auto begin = log.last_frame();
    const auto padding = std::size_t{2};  // whose bytes mean nothing
    for (std::size_t at = begin + 8; at < log.bytes().size() - padding; at += 3) {
        auto flipped = whole;
        flipped.bytes()[at] = static_cast<char>(flipped.bytes()[at] ^ 0x10);
        const auto outcome = read(flipped);
        INFO("byte " << at - begin << " of the frame");
        CHECK(outcome.problems.size() == 1);
        CHECK(outcome.log.entries.size() == 2);
    }
}

TEST_CASE("the message of a wrong CRC has its place, what was read and what was found") {
    TestLog log;
    log.metadata().snapshot(0, 0).entry(1, 1, "data");
    log.bytes()[log.bytes().rfind("data")] = 'D';
    const auto outcome = read(log);
    REQUIRE(outcome.problems.size() == 1);
    CHECK(outcome.problems[0].message ==
          "frame at byte 64: crc a5c00f6d is stored, its bytes give 72e51be6");
}

TEST_CASE("the CRC chain goes on from segment to segment, and one that starts later is taken up") {
    auto log = three_entries();
    log.next_segment(4).metadata().state(2, 3).entry(2, 4);
    log.next_segment(5).metadata().state(2, 4).entry(2, 5);
    TemporaryDirectory dir;
    auto files = log.write(dir.path());
    CHECK(Outcome(files).checks().empty());
    CHECK(Outcome(files).log.entries.size() == 5);

    files.erase(files.begin());  // purged
    const Outcome later(files);
    CHECK(later.checks().empty());
    CHECK(later.log.entries.first_index() == 4);
    CHECK(later.log.entries.last_index() == 5);
}

TEST_CASE("a segment whose chain is taken up at another value is not part of the log") {
    auto log = three_entries();
    log.next_segment(4).metadata().entry(2, 4);
    TestLog other;
    other.metadata().snapshot(0, 0).entry(1, 1);
    log.bytes_of(0) = other.bytes();
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-crc"});
    CHECK(outcome.problems[0].place.file == "member/wal/0000000000000001-0000000000000004.wal");
    CHECK(outcome.problems[0].place.offset == 0);
}

TEST_CASE("a missing segment ends the log") {
    auto log = three_entries();
    log.next_segment(4).metadata().entry(2, 4);
    log.next_segment(5).metadata().entry(2, 5);
    TemporaryDirectory dir;
    auto files = log.write(dir.path());
    files.erase(files.begin() + 1);
    const Outcome outcome(files);
    CHECK(outcome.checks() == Checks{"wal-sequence"});
    CHECK(outcome.log.entries.last_index() == 3);
    CHECK(outcome.log.ending == wal::Ending::broken);
}

TEST_CASE("other names among the segments are told and not read") {
    TemporaryDirectory dir;
    auto files = three_entries().write(dir.path());
    for (const char* name : {"0-0.wal", "0000000000000000-000000000000000g.wal", "backup.wal",
                             "0000000000000001-0000000000000004.WAL.wal"}) {
        files.push_back(dir / "member/wal" / name);
        write_content(files.back(), "junk");
    }
    const Outcome outcome(files);
    CHECK(outcome.checks() == Checks(4, "wal-name"));
    CHECK(outcome.log.entries.size() == 3);
}

TEST_CASE("a length that became zero hides what is behind it, and that is told") {
    auto log = three_entries();
    log.state(2, 3);
    log.bytes().replace(log.last_frame(), 8, 8, '\0');
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-rest"});
    CHECK(outcome.log.ending == wal::Ending::clean);
    CHECK(outcome.log.entries.size() == 3);
    CHECK(outcome.problems[0].place.offset == log.last_frame() + 8);
}

TEST_CASE("in an earlier segment such a length breaks the chain at the next one") {
    auto log = three_entries();
    log.bytes().replace(log.last_frame(), 8, 8, '\0');
    log.next_segment(4).metadata().entry(2, 4);
    CHECK(read(log).checks() == Checks{"wal-rest", "wal-crc"});
}

TEST_CASE("a last segment without a record is told") {
    auto log = three_entries();
    log.next_segment(4);
    log.bytes().assign(4096, '\0');
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-empty"});
    CHECK(outcome.log.ending == wal::Ending::clean);
    CHECK(outcome.log.entries.last_index() == 3);
}

TEST_CASE("segments of two members do not make one log") {
    auto log = three_entries();
    log.next_segment(4).metadata(8).entry(2, 4);
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-metadata"});
    CHECK(outcome.problems[0].message ==
          "frame at byte 16: member 8 of cluster 9, but the log so far is that of member 7 of "
          "cluster 9");
    CHECK(outcome.log.node == etcd::MemberId{7});
}

TEST_CASE("a log that names no member is told") {
    TestLog log;
    log.snapshot(0, 0).entry(1, 1);
    CHECK(read(log).checks() == Checks{"wal-metadata"});
}

TEST_CASE("a later entry of the same index replaces it and all above it") {
    auto log = three_entries();
    log.entry(3, 2, "new");
    const auto outcome = read(log);
    CHECK(outcome.checks().empty());
    CHECK(outcome.log.entries.size() == 2);
    CHECK(outcome.log.entries[1].term == 3);
    CHECK(outcome.log.entries[1].data == "new");
}

TEST_CASE(
    "an entry that leaves a gap ends the log, but for the gap that a leader's snapshot fills") {
    auto log = three_entries();
    log.entry(2, 5);
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-entry-order"});
    CHECK(outcome.log.entries.last_index() == 3);

    auto with_snapshot = three_entries();
    with_snapshot.snapshot(2, 90).state(2, 90).entry(2, 91).entry(2, 92);
    const auto jumped = read(with_snapshot);
    CHECK(jumped.checks().empty());
    CHECK(jumped.log.entries.first_index() == 91);
    CHECK(jumped.log.entries.last_index() == 92);
    CHECK(jumped.starting_from(2, 90).empty());
}

TEST_CASE("a commit beyond the last entry is told, and one within a snapshot is not") {
    auto log = three_entries();
    log.state(2, 4);
    const auto outcome = read(log);
    CHECK(outcome.checks() == Checks{"wal-commit"});
    CHECK(outcome.log.ending == wal::Ending::clean);
    log.snapshot(2, 4);
    CHECK(read(log).checks().empty());
}

TEST_CASE("records that do not parse or whose type is not known end the log") {
    const auto with = [](auto add) {
        auto log = three_entries();
        add(log);
        return read(log).checks();
    };
    CHECK(with([](TestLog& log) { log.frame("\xff\xff\xff"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.record(2, "\x0f"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.record(3, "\x0f"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.record(5, "\x0f"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.record(6, "?"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.record(2, "\x08\x07"); }) == Checks{"wal-record"});
    CHECK(with([](TestLog& log) { log.frame(""); }).empty() == true);
}

TEST_CASE("a length beyond any file is a torn tail in the last segment") {
    for (const char* field :
         {"\xff\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\x7f",
          "\x00\x00\x00\x00\x01\x00\x00\x00"}) {
        auto log = three_entries();
        log.bytes().append(field, 8);
        CHECK(read(log).checks() == Checks{"wal-torn"});
    }
}

TEST_CASE("a log starts from a snapshot that it has a record of, and from no other") {
    auto log = three_entries();
    log.snapshot(2, 2).state(2, 3);
    log.next_segment(4).metadata().state(2, 3).entry(2, 4);
    TemporaryDirectory dir;
    auto files = log.write(dir.path());
    const Outcome whole(files);
    CHECK(whole.starting_from(0, 0).empty());
    CHECK(whole.starting_from(2, 2).empty());
    CHECK(whole.starting_from(1, 2) ==
          Checks{"the snapshot at index 2 is of term 1, the log's record of it of term 2"});
    CHECK(whole.starting_from(2, 3) ==
          Checks{"from 0000000000000000-0000000000000000.wal on there is no "
                 "record of the snapshot at index 3"});
    CHECK(whole.log.committed_snapshot(2, 2) == &whole.log.snapshots[1]);
    CHECK(whole.log.committed_snapshot(2, 3) == nullptr);
    CHECK(whole.log.newest_committed_snapshot() == &whole.log.snapshots[1]);

    files.erase(files.begin());
    CHECK(Outcome(files).starting_from(2, 2) ==
          Checks{"no segment reaches back to the snapshot at index 2"});
}

TEST_CASE("a snapshot above the last commit is none to start from") {
    auto log = three_entries();
    log.snapshot(2, 3);
    const auto outcome = read(log);
    CHECK(outcome.log.committed_snapshot(2, 3) == nullptr);
    CHECK(outcome.log.newest_committed_snapshot() == &outcome.log.snapshots[0]);
}
