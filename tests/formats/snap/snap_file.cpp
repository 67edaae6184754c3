#include "formats/snap/snap_file.hpp"

#include <catch2/catch.hpp>

#include "tests/temporary_directory.hpp"

using namespace salvor;

namespace {

const etcd::ConfState conf_state{
    {etcd::MemberId{5}, etcd::MemberId{0x8e9e05c52164694d}}, {}, {}, {}, false};

std::string some_file(etcd::Line line = etcd::Line::v3_6, std::uint64_t term = 2,
                      std::uint64_t index = 7) {
    return snap::encode(line, {term, index, conf_state, "{}"});
}

struct Problems {
    std::vector<Problem> all;
    ProblemSink sink = [this](Problem problem) { all.push_back(std::move(problem)); };
};

}  // namespace

TEST_CASE("a .snap file's name is its term and its index") {
    CHECK(snap::file_name(2, 0x1e240) == "0000000000000002-000000000001e240.snap");
}

TEST_CASE("what was written to a .snap file is read from it") {
    for (const auto line : {etcd::Line::v3_4, etcd::Line::v3_7}) {
        const auto bytes = some_file(line);
        const auto snap = snap::parse(bytes);
        REQUIRE(snap);
        CHECK(snap->term == 2);
        CHECK(snap->index == 7);
        CHECK(snap->conf_state.voters == conf_state.voters);
        CHECK(snap->conf_state.learners.empty());
        CHECK(snap->data == "{}");
    }
}

TEST_CASE("a .snap file with a bit changed or its end cut off reads as nothing, never as another") {
    const auto bytes = some_file();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        CHECK_FALSE(snap::parse(Bytes(bytes).substr(0, i)));
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            INFO("byte " << i << ", bit " << bit);
            const auto read = snap::parse(changed);
            // The fifth byte of a 32-bit number has bits that no reader looks at.
            CHECK((!read || (i == 5 && read->data == "{}" && read->index == 7)));
        }
    }
}

TEST_CASE("a .snap file's flaw is told with what was read and what was found") {
    const auto error = [](const std::string& bytes) { return snap::parse(bytes).error().message; };
    CHECK(error("") == "empty snapshot: 0 bytes of data, crc 00000000");
    auto changed = some_file();
    changed.back() ^= 1;
    CHECK(error(changed) == "crc of the 27 bytes of data is d08da254, 22e62157 is stored");
    CHECK(error("\x08") == "snappb.Snapshot of 1 bytes does not parse: end of buffer exception");
}

TEST_CASE(
    "the newest .snap file that can be read and is in the log is chosen, the others are told") {
    TemporaryDirectory dir;
    std::vector<std::filesystem::path> files;
    const auto add = [&](const std::string& name, const std::string& content) {
        write_content(dir / name, content);
        files.push_back(dir / name);
    };
    add(snap::file_name(2, 3), some_file(etcd::Line::v3_6, 2, 3));
    add(snap::file_name(2, 7), some_file());
    add(snap::file_name(2, 8), some_file(etcd::Line::v3_6, 2, 8));
    add(snap::file_name(2, 9), "");
    add(snap::file_name(3, 1), some_file(etcd::Line::v3_6, 2, 3));
    const auto in_log = [](std::uint64_t term, std::uint64_t index) {
        return term == 2 && index == 7;
    };

    Problems problems;
    const auto chosen = snap::newest(files, in_log, problems.sink);
    REQUIRE(chosen);
    REQUIRE(*chosen);
    CHECK((*chosen)->path.filename() == snap::file_name(2, 7));
    CHECK((*chosen)->snap.index == 7);

    std::vector<std::pair<std::string, std::string>> told;
    for (const auto& problem : problems.all) told.emplace_back(problem.check, problem.place.file);
    CHECK(told == std::vector<std::pair<std::string, std::string>>{
                      {"snap-name", "member/snap/0000000000000003-0000000000000001.snap"},
                      {"snap-log", "member/snap/0000000000000003-0000000000000001.snap"},
                      {"snap-file", "member/snap/0000000000000002-0000000000000009.snap"},
                      {"snap-log", "member/snap/0000000000000002-0000000000000008.snap"},
                      {"snap-log", "member/snap/0000000000000002-0000000000000003.snap"}});
}

TEST_CASE("without a .snap file of the log there is none to start from") {
    TemporaryDirectory dir;
    Problems problems;
    const auto none = snap::newest({}, [](auto, auto) { return true; }, problems.sink);
    REQUIRE(none);
    CHECK_FALSE(*none);
    CHECK(problems.all.empty());
}
