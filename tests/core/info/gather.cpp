#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/info/info.hpp"

using namespace salvor;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

info::Info info_of(const fs::path& path) {
    const auto snapshot = Snapshot::open(path);
    REQUIRE(snapshot);
    auto info = info::gather(*snapshot);
    REQUIRE(info);
    return *info;
}

/// The answers of upstream's programs beside a snapshot of testdata.
json answer(const fs::path& db, const std::string& name) {
    std::ifstream file(db.parent_path() / "answers" / db.stem() / (name + ".json"));
    REQUIRE(file);
    return json::parse(file);
}

std::vector<fs::path> etcd_snapshots() {
    std::vector<fs::path> found;
    for (const char* line : {"etcd-3.4", "etcd-3.5", "etcd-3.6", "etcd-3.7"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(SALVOR_TESTDATA "/real") / line)) {
            if (entry.path().extension() == ".db") found.push_back(entry.path());
        }
    }
    REQUIRE(found.size() > 10);
    return found;
}

}  // namespace

TEST_CASE(
    "revision, live keys and size are those of etcdutl 3.7's status, for every real snapshot") {
    for (const auto& path : etcd_snapshots()) {
        INFO(path);
        const auto info = info_of(path);
        const auto status = answer(path, "status-by-all-lines").at("3.7.1").at("stdout");
        // An empty store is at revision 1 for a server, and status has no row to read it from.
        CHECK(info.revision == std::max<std::int64_t>(1, status.at("revision")));
        CHECK(info.keys == status.at("totalKey"));
        CHECK(info.pages * info.page_size == status.at("totalSize"));
        CHECK(info.storage_version.value_or("") == status.at("version").get<std::string>());
        CHECK(info.unread.count == 0);
    }
}

TEST_CASE("members, their URLs and who is a learner are those of the live server") {
    for (const auto& path : etcd_snapshots()) {
        INFO(path);
        if (path.stem() == "alarm-corrupt") continue;  // etcdctl did not answer there
        const auto info = info_of(path);
        const auto members = answer(path, "members").at("members");
        REQUIRE(info.members.size() == members.size());
        for (const auto& theirs : members) {
            const auto ours =
                std::find_if(info.members.begin(), info.members.end(), [&](const auto& member) {
                    return number(member.id) == theirs.at("ID").get<std::uint64_t>();
                });
            REQUIRE(ours != info.members.end());
            CHECK(ours->name == theirs.value("name", ""));
            CHECK(ours->peer_urls == theirs.at("peerURLs").get<std::vector<std::string>>());
            CHECK(ours->client_urls == theirs.value("clientURLs", std::vector<std::string>{}));
            CHECK(ours->is_learner == theirs.value("isLearner", false));
        }
    }
}

TEST_CASE(
    "the digest and the trailer are what sha256sum says of the file without its last 32 bytes") {
    for (const auto& path : etcd_snapshots()) {
        INFO(path);
        const auto info = info_of(path);
        const auto theirs = answer(path, "sha256");
        CHECK(info.sha256 == theirs.at("sha256_without_last_32_bytes").get<std::string>());
        CHECK(info.trailer == info::TrailerState::right);
        CHECK(info.space.file == theirs.at("size"));
    }
}

TEST_CASE("the bytes of a database sum up to its pages") {
    for (const auto& path : etcd_snapshots()) {
        INFO(path);
        const auto info = info_of(path);
        const auto& space = info.space;
        CHECK(space.exact);
        CHECK(space.used + space.fragmented + space.free + space.other ==
              info.pages * info.page_size);
    }
}

TEST_CASE("a snapshot's recomputed cluster id is the one that the same member's log has") {
    const auto snapshot = info_of(SALVOR_TESTDATA "/real/kube-1.36/after.db");
    const auto member = info_of(SALVOR_TESTDATA "/real/kube-1.36/member-dir");
    REQUIRE(snapshot.cluster_id);
    REQUIRE(member.cluster_id);
    CHECK(snapshot.cluster_id->evidence != member.cluster_id->evidence);
    CHECK(snapshot.cluster_id->value == member.cluster_id->value);
}

TEST_CASE("a data directory tells how much of its log the db has not applied") {
    const auto info = info_of(SALVOR_TESTDATA "/real/member-3.5/older-db/member-data");
    REQUIRE(info.wal);
    CHECK(info.wal->segments == 2);
    CHECK(info.wal->beyond_db == info.wal->last_index - *info.consistent_index);
    CHECK(info.wal->beyond_db > 5000);
    const auto stopped = info_of(SALVOR_TESTDATA "/real/kube-1.36/member-dir");
    REQUIRE(stopped.wal);
    CHECK(stopped.wal->beyond_db == 0);
}

TEST_CASE("a lone voter is its cluster's founder, whatever its token") {
    // The live server's own answer.
    const auto info = info_of(SALVOR_TESTDATA "/real/etcd-3.6/rich.db");
    REQUIRE(info.cluster_id);
    CHECK(to_string(info.cluster_id->value) == "112d5741917b093d");
}

TEST_CASE("a damaged freelist takes nothing from what the rows say") {
    // It was told of every bucket that its records could not all be read.
    const auto info = info_of(SALVOR_TESTDATA "/flawed/damaged/damaged/39-freelist-zeroed.db");
    CHECK(info.unread.count == 1);
    CHECK(info.unread_buckets.empty());
    CHECK(info.revision == 5178);
}

TEST_CASE("where no key could be read the revision is not told") {
    const auto info = info_of(SALVOR_TESTDATA "/flawed/damaged/damaged/36-bucket-list-zeroed.db");
    CHECK_FALSE(info.tells_revision());
    CHECK_FALSE(info.cluster_id);
}

TEST_CASE("the objects of each resource are as many as kube-apiserver counted") {
    for (const char* name :
         {"/real/kube-1.28/answers/counts.tsv", "/real/kube-1.36/answers/before/counts.tsv",
          "/real/kube-1.36/answers/after/counts.tsv"}) {
        INFO(name);
        const fs::path counts = std::string(SALVOR_TESTDATA) + name;
        const auto set = counts.parent_path().filename();
        const auto info =
            info_of(set == "answers" ? counts.parent_path().parent_path() / "snapshot.db"
                                     : counts.parent_path().parent_path().parent_path() /
                                           (set.string() + ".db"));
        REQUIRE(info.kubernetes.size() == 1);
        const auto& ours = info.kubernetes[0].resources;
        std::ifstream file(counts);
        std::string resource, count;
        std::getline(file, resource);  // the heading
        std::size_t compared = 0;
        while (file >> resource >> count) {
            INFO(resource);
            const auto plural = resource.substr(0, resource.find('.'));
            const auto at = ours.contains(resource) ? ours.find(resource) : ours.find(plural);
            CHECK((at == ours.end() ? 0 : at->second.objects) == std::stoull(count));
            ++compared;
        }
        CHECK(compared > 40);
    }
}

TEST_CASE("Kubernetes is found below its prefix, with kube-system's uid and what is encrypted") {
    const auto info = info_of(SALVOR_TESTDATA "/real/kube-1.28/snapshot.db");
    REQUIRE(info.kubernetes.size() == 1);
    const auto& cluster = info.kubernetes[0];
    CHECK(cluster.prefix == "/registry");
    CHECK(cluster.kube_system_uid ==
          "05bf5e2f-9c86-4091-9471-7505069ed63a");  // kubectl get ns kube-system
    CHECK(cluster.encrypted > 0);
    REQUIRE(cluster.version);
    CHECK(cluster.version->value == "1.28");
    CHECK(cluster.namespaces.size() == cluster.resources.at("namespaces").objects);
    CHECK_FALSE(cluster.resources.contains("ranges"));
    std::uint64_t sum = 0;
    for (const auto& [resource, count] : cluster.resources) sum += count.objects;
    CHECK(sum == cluster.objects);
}

TEST_CASE("an etcd without Kubernetes has none") {
    CHECK(info_of(SALVOR_TESTDATA "/real/etcd-3.5/rich.db").kubernetes.empty());
}
