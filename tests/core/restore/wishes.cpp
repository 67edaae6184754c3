#include "core/restore/wishes.hpp"

#include <catch2/catch.hpp>

#include "formats/bbolt/writer.hpp"
#include "formats/etcd/buckets.hpp"
#include "tests/temporary_directory.hpp"

using namespace salvor;
using namespace salvor::restore;

namespace {

const std::string testdata = SALVOR_TESTDATA "/real/";
const std::string with_kubernetes = "kube-1.36/after.db";
const std::string without = "etcd-3.6/rich.db";

Wishes wishes_of(const char* data_dir = "d") {
    Wishes wishes;
    wishes.source = "b.db";
    wishes.data_dir = data_dir;
    wishes.name = "m";
    wishes.initial_cluster = "m=http://10.0.0.1:2380";
    return wishes;
}

Result<Decision> decision_of(const std::string& backup, const Wishes& wishes,
                             const verify::Report* report = nullptr) {
    const auto snapshot = Snapshot::open(testdata + backup);
    REQUIRE(snapshot);
    return decide(*snapshot, wishes, report);
}

Decision decided(const std::string& backup, const Wishes& wishes,
                 const verify::Report* report = nullptr) {
    auto decision = decision_of(backup, wishes, report);
    INFO((decision ? "" : decision.error().message));
    REQUIRE(decision);
    return *std::move(decision);
}

Error refused(const std::string& backup, const Wishes& wishes) {
    const auto decision = decision_of(backup, wishes);
    REQUIRE_FALSE(decision);
    return decision.error();
}

}  // namespace

TEST_CASE("a backup with Kubernetes in it is bumped unasked, another is not") {
    auto decision = decided(with_kubernetes, wishes_of());
    CHECK(decision.request.bump_revision == automatic_bump);
    CHECK(decision.bump_by_default);
    CHECK(decision.kubernetes_prefix == "/registry");

    decision = decided(without, wishes_of());
    CHECK(decision.request.bump_revision == 0);
    CHECK_FALSE(decision.bump_by_default);
    CHECK(decision.kubernetes_prefix == std::nullopt);
}

TEST_CASE("a bump that was asked for is taken as it is, and 0 turns it off") {
    auto wishes = wishes_of();
    wishes.bump_revision = 0;
    CHECK(decided(with_kubernetes, wishes).request.bump_revision == 0);
    wishes.bump_revision = 5;
    auto decision = decided(with_kubernetes, wishes);
    CHECK(decision.request.bump_revision == 5);
    CHECK_FALSE(decision.bump_by_default);

    wishes.bump_revision.reset();
    wishes.bump_automatic = true;
    decision = decided(without, wishes);
    CHECK(decision.request.bump_revision == automatic_bump);
    CHECK_FALSE(decision.bump_by_default);  // it was asked for
}

TEST_CASE("compaction is marked with a bump alone") {
    auto wishes = wishes_of();
    wishes.mark_compacted = true;
    CHECK(decided(with_kubernetes, wishes).request.bump_revision == automatic_bump);
    const auto error = refused(without, wishes);
    CHECK(error.code == ErrorCode::usage);
    CHECK(error.message == "--mark-compacted needs --bump-revision N or auto");
    wishes.bump_revision = 0;
    CHECK(refused(with_kubernetes, wishes).code == ErrorCode::usage);
}

// Of this backup kube-system's rows stand behind 10,000 others.
TEST_CASE("where Kubernetes lives is the report's to say, a guess serves until there is one") {
    const std::string late = "kube-system-late/snapshot.db";
    CHECK(decided(late, wishes_of()).request.bump_revision == 0);
    verify::Report report;
    report.kubernetes_prefix = "/registry";
    const auto decision = decided(late, wishes_of(), &report);
    CHECK(decision.kubernetes_prefix == "/registry");
    CHECK(decision.request.bump_revision == automatic_bump);
    report.kubernetes_prefix.reset();
    CHECK(decided(with_kubernetes, wishes_of(), &report).request.bump_revision == 0);
}

TEST_CASE("the line is the one that wrote the backup, unless another is asked for") {
    CHECK(decided("etcd-3.7/rich.db", wishes_of()).request.line == etcd::Line::v3_7);
    CHECK(decided("etcd-3.5/rich.db", wishes_of()).request.line == etcd::Line::v3_5);
    CHECK(decided("etcd-3.7/downgraded.db", wishes_of()).request.line == etcd::Line::v3_6);
    auto wishes = wishes_of();
    wishes.line = etcd::Line::v3_5;
    CHECK(decided("etcd-3.7/rich.db", wishes).request.line == etcd::Line::v3_5);
}

TEST_CASE("a backup that does not say which etcd wrote it needs --for") {
    TemporaryDirectory dir;
    auto file = FileWriter::create(dir / "db", 0600);
    REQUIRE(file);
    bbolt::DenseWriter writer(*file, 4096);
    REQUIRE(writer.begin_bucket(etcd::buckets::key));
    REQUIRE(writer.finish(bbolt::TxId{1}));
    REQUIRE(file->close());
    const auto snapshot = Snapshot::open(dir / "db");
    REQUIRE(snapshot);
    auto wishes = wishes_of();
    const auto decision = decide(*snapshot, wishes);
    REQUIRE_FALSE(decision);
    CHECK(decision.error().code == ErrorCode::usage);
    CHECK(decision.error().message ==
          "the backup does not say which etcd wrote it: give --for 3.4, 3.5, 3.6 or 3.7");
    wishes.line = etcd::Line::v3_4;
    REQUIRE(decide(*snapshot, wishes));
    CHECK(decide(*snapshot, wishes)->request.line == etcd::Line::v3_4);
}

TEST_CASE("a manifest says where and under which token, where no option does") {
    auto wishes = wishes_of();
    wishes.data_dir.reset();
    CHECK(refused(without, wishes).message == "--data-dir is missing, and no manifest names one");
    wishes.manifest = Manifest{.name = {},
                               .data_dir = "/var/lib/etcd",
                               .wal_dir = "/fast/wal",
                               .initial_advertise_peer_urls = {},
                               .initial_cluster = {},
                               .initial_cluster_token = "theirs",
                               .image_version = {},
                               .serving = {}};
    auto request = decided(without, wishes).request;
    CHECK(request.data_dir == "/var/lib/etcd");
    CHECK(request.wal_dir == "/fast/wal");
    CHECK(request.token == "theirs");

    wishes.data_dir = "d";
    wishes.wal_dir = "w";
    wishes.initial_cluster_token = "mine";
    request = decided(without, wishes).request;
    CHECK(request.data_dir == "d");
    CHECK(request.wal_dir == "w");
    CHECK(request.token == "mine");
}

TEST_CASE("each member of all has a folder, and none the manifest's WAL") {
    auto wishes = wishes_of();
    wishes.name.reset();
    wishes.all_members = true;
    wishes.initial_cluster = "a=http://10.0.0.1:2380,b=http://10.0.0.2:2380";
    wishes.manifest = Manifest{};
    wishes.manifest->wal_dir = "/fast/wal";
    const auto request = decided(without, wishes).request;
    CHECK(request.one_folder_each);
    CHECK(request.names == std::vector<std::string>{"a", "b"});
    CHECK(request.wal_dir == std::nullopt);
}

TEST_CASE("force accepts every flaw, skip-hash-check a wrong trailer alone") {
    auto wishes = wishes_of();
    auto request = decided(without, wishes).request;
    CHECK_FALSE(request.accept_flaws);
    CHECK_FALSE(request.accept_wrong_trailer);
    wishes.skip_hash_check = true;
    request = decided(without, wishes).request;
    CHECK_FALSE(request.accept_flaws);
    CHECK(request.accept_wrong_trailer);
    wishes.skip_hash_check = false;
    wishes.force = true;
    request = decided(without, wishes).request;
    CHECK(request.accept_flaws);
    CHECK(request.accept_wrong_trailer);
}
