#include <catch2/catch.hpp>
#include <filesystem>

#include "core/restore/restore.hpp"
#include "core/restore/urls.hpp"
#include "tests/temporary_directory.hpp"

using namespace salvor;
using namespace salvor::restore;
namespace fs = std::filesystem;

namespace {

const fs::path backup = SALVOR_TESTDATA "/real/etcd-3.6/rich.db";

Request request_of(const fs::path& data_dir, const std::string& cluster, const std::string& name) {
    Request request;
    request.initial_cluster = parse_initial_cluster(cluster).value();
    request.names = {name};
    request.data_dir = data_dir;
    request.line = etcd::Line::v3_6;
    return request;
}

Result<Plan> planned(const Request& request) {
    const auto snapshot = Snapshot::open(backup);
    REQUIRE(snapshot);
    return plan(*snapshot, request);
}

Error refused(const Request& request) {
    const auto made = planned(request);
    REQUIRE_FALSE(made);
    return made.error();
}

}  // namespace

// The ids are those that etcd's own restore and server gave these clusters.
TEST_CASE("member and cluster ids are upstream's") {
    TemporaryDirectory dir;
    auto request = request_of(dir / "d", "default=http://localhost:2380", "default");
    auto made = planned(request);
    REQUIRE(made);
    CHECK(to_string(made->targets[0].member.id) == "8e9e05c52164694d");
    CHECK(to_string(made->cluster_id) == "cdf818194e3a8c32");

    request = request_of(dir / "d", "a=http://127.0.0.1:12380", "a");
    request.token = "tok";
    made = planned(request);
    REQUIRE(made);
    CHECK(to_string(made->cluster_id) == "6656feb867e68582");

    request = request_of(dir / "d", "a=http://127.0.0.1:12380,b=http://127.0.0.1:22380", "b");
    request.token = "tok";
    made = planned(request);
    REQUIRE(made);
    REQUIRE(made->members.size() == 2);
    CHECK(to_string(made->members[0].id) == "117b9266988c4966");  // ascending by id
    CHECK(to_string(made->members[1].id) == "d622127685879b3c");
    CHECK(made->targets[0].member.name == "b");
    CHECK(to_string(made->cluster_id) == "675d6183bdb0addc");
}

TEST_CASE("a plan names each file, and makes none") {
    TemporaryDirectory dir;
    const auto made = planned(request_of(dir / "new/d", "m=http://a:1", "m"));
    REQUIRE(made);
    std::vector<std::string> files;
    for (const auto& file : made->targets[0].files)
        files.push_back(file.path.lexically_relative(dir / "new/d"));
    CHECK(files == std::vector<std::string>{"member/snap/db",
                                            "member/snap/0000000000000001-0000000000000001.snap",
                                            "member/wal/0000000000000000-0000000000000000.wal"});
    CHECK(made->bytes_needed >= fs::file_size(backup));
    CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("what does not fit together is refused") {
    TemporaryDirectory dir;
    auto request = request_of(dir / "d", "a=http://a:1,b=http://b:1", "a");
    request.names = {"a", "b"};
    CHECK(refused(request).message == "one data directory can hold one member, not 2");
    request.one_folder_each = true;
    request.wal_dir = dir / "w";
    CHECK(refused(request).message == "--wal-dir can hold the log of one member, not of all");
    request = request_of(dir / "d", "a=http://a:1", "c");
    CHECK(refused(request).message == "member c is not in the initial cluster");
    request = request_of(dir / "d", "a=http://a:1,b=http://a:1", "a");
    CHECK(refused(request).message == "member b has the peer URLs of another");
    request = request_of(dir / "d", "a=http://a:1", "a");
    request.wal_dir = dir / "d/member";
    CHECK(refused(request).message ==
          fmt::format("--wal-dir {} would hold the data directory's own files",
                      (dir / "d/member").string()));
}

TEST_CASE("a bump beyond the last revision is refused, one up to it is not") {
    TemporaryDirectory dir;
    auto request = request_of(dir / "d", "a=http://a:1", "a");
    constexpr std::uint64_t last = 9223372036854775807;
    constexpr std::uint64_t revision = 1213;
    request.bump_revision = last - revision;
    const auto made = planned(request);
    REQUIRE(made);
    CHECK(made->revision_after == static_cast<std::int64_t>(last));
    ++request.bump_revision;
    const auto error = refused(request);
    CHECK(error.code == ErrorCode::refused);
    CHECK(error.message ==
          "revision 1213 and 9223372036854774595 more is beyond the last revision that etcd can "
          "count, 9223372036854775807");
}

TEST_CASE("what stands at the target stays, unless it is to be replaced, and then is renamed") {
    TemporaryDirectory dir;
    fs::create_directories(dir / "d/lost+found");
    auto request = request_of(dir / "d", "a=http://a:1", "a");
    auto made = planned(request);
    REQUIRE(made);
    CHECK(made->targets[0].build_at == dir / "d/member");  // an empty one is filled

    write_content(dir / "d/note", "mine");
    const auto error = refused(request);
    CHECK(error.code == ErrorCode::exists);
    CHECK(error.message.starts_with((dir / "d").string() + " is not empty: nothing was done"));

    request.replace = true;
    made = planned(request);
    REQUIRE(made);
    REQUIRE(made->targets[0].moves.size() == 1);
    CHECK(made->targets[0].moves[0].from == dir / "d");
    CHECK(made->targets[0].moves[0].to.string().starts_with((dir / "d").string() + ".replaced-"));
    CHECK(content_of(dir / "d/note") == "mine");
}

TEST_CASE("a file at the target is no folder to restore into") {
    TemporaryDirectory dir;
    write_content(dir / "d", "x");
    const auto error = refused(request_of(dir / "d", "a=http://a:1", "a"));
    CHECK(error.code == ErrorCode::not_a_file);
    CHECK(error.message == (dir / "d").string() + " exists and is not a folder");
}
