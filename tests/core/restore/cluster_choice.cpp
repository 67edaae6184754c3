#include "core/restore/cluster_choice.hpp"

#include <catch2/catch.hpp>

#include "core/restore/urls.hpp"

using namespace salvor;
using namespace salvor::restore;

namespace {

using Texts = std::vector<std::string>;

etcd::Member member(std::uint64_t id, const std::string& name, const std::string& url) {
    return {etcd::MemberId{id}, {url}, false, name, {}};
}

Source source_of(std::vector<etcd::Member> members) {
    Source source;
    source.members = std::move(members);
    return source;
}

const Source none = source_of({});
const Source one = source_of({member(0xa1, "m1", "http://a:1")});
const Source three = source_of({member(0xa1, "m1", "http://a:1"), member(0xa2, "m2", "http://b:1"),
                                member(0xa3, "m3", "http://c:1"), member(0xa4, "", "http://d:1")});

Wishes wishes_of(const char* data_dir = "d") {
    Wishes wishes;
    wishes.source = "b.db";
    wishes.data_dir = data_dir;
    wishes.other_words = {"--data-dir", data_dir};
    return wishes;
}

ClusterChoice chosen(const Source& source, const Wishes& wishes) {
    auto choice = choose_cluster(source, wishes);
    INFO((choice ? "" : choice.error().message));
    REQUIRE(choice);
    return *std::move(choice);
}

Error refused(const Source& source, const Wishes& wishes) {
    const auto choice = choose_cluster(source, wishes);
    REQUIRE_FALSE(choice);
    return choice.error();
}

}  // namespace

TEST_CASE("a backup that knows no members is restored under etcd's own defaults") {
    const auto choice = chosen(none, wishes_of());
    CHECK(choice.names == Texts{"default"});
    CHECK(initial_cluster(choice.peers) == "default=http://localhost:2380");
}

TEST_CASE("a backup that knows its members is not restored as `default` at localhost") {
    const auto error = refused(one, wishes_of());
    CHECK(error.code == ErrorCode::refused);
    CHECK(error.message ==
          "no option says which member to build; the backup is of one member, m1 at http://a:1:\n"
          "  salvor restore b.db --data-dir d --member m1");
}

TEST_CASE("one of three is refused with the command line of each thing that can be done") {
    auto wishes = wishes_of("my dir");
    wishes.member = "m2";
    const auto error = refused(three, wishes);
    CHECK(error.code == ErrorCode::refused);
    CHECK(error.message ==
          "one member of several never gets a quorum; the backup is of 3 members, m1, m2, m3. "
          "Either all of them, each to its own host:\n"
          "  salvor restore b.db --data-dir 'my dir' --all-members\n"
          "or a cluster of one, which the others join anew:\n"
          "  salvor restore b.db --data-dir 'my dir' --member m2 --single-member\n"
          "or one of them here, and the same on each other host with its own name:\n"
          "  salvor restore b.db --data-dir 'my dir' --member m2 --initial-cluster "
          "m1=http://a:1,m2=http://b:1,m3=http://c:1");
}

TEST_CASE("a member is taken by its name or its id, with its own URLs") {
    for (const auto* name : {"m2", "a2"}) {
        auto wishes = wishes_of();
        wishes.member = name;
        wishes.single_member = true;
        const auto choice = chosen(three, wishes);
        CHECK(choice.names == Texts{"m2"});
        CHECK(initial_cluster(choice.peers) == "m2=http://b:1");
    }
    auto wishes = wishes_of();
    wishes.member = "m9";
    const auto error = refused(three, wishes);
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.message == "the backup has no member m9; it has m1, m2, m3");
}

TEST_CASE("all members are those that have started; the others are told") {
    auto wishes = wishes_of();
    wishes.all_members = true;
    const auto choice = chosen(three, wishes);
    CHECK(choice.names == Texts{"m1", "m2", "m3"});
    REQUIRE(choice.left_out.size() == 1);
    CHECK(choice.left_out[0].id == etcd::MemberId{0xa4});
    CHECK(refused(none, wishes).message ==
          "the backup knows no members: --all-members needs --initial-cluster");
}

TEST_CASE("options that exclude each other are refused by name") {
    const auto together = [](auto set) {
        auto wishes = wishes_of();
        set(wishes);
        const auto error = refused(three, wishes);
        CHECK(error.code == ErrorCode::usage);
        return error.message;
    };
    CHECK(together([](Wishes& w) { w.member = w.name = "m1"; }) ==
          "--member and --name do not go together");
    CHECK(together([](Wishes& w) { w.all_members = w.single_member = true; }) ==
          "--all-members and --single-member do not go together");
    CHECK(together([](Wishes& w) { w.all_members = true, w.name = "m1"; }) ==
          "--all-members and --name do not go together");
    CHECK(together([](Wishes& w) { w.all_members = true, w.wal_dir = "w"; }) ==
          "--all-members and --wal-dir do not go together");
    CHECK(together([](Wishes& w) {
              w.single_member = true, w.name = "a", w.initial_cluster = "a=http://a:1,b=http://b:1";
          }) == "--single-member and an --initial-cluster of 2 do not go together");
}

TEST_CASE("a name that is not in the cluster, or whose URLs differ, is refused") {
    auto wishes = wishes_of();
    wishes.name = "x";
    wishes.initial_cluster = "a=http://a:1,b=http://b:1";
    CHECK(refused(none, wishes).message ==
          "member x is not in the initial cluster, which has a, b");
    wishes.name = "a";
    wishes.initial_advertise_peer_urls = "http://c:1";
    CHECK(refused(none, wishes).message ==
          "the initial cluster has http://a:1 for a, but --initial-advertise-peer-urls is "
          "http://c:1");
    wishes.initial_advertise_peer_urls = "http://a:1";
    wishes.initial_cluster = "a=http://a:1,b=http://a:1";
    CHECK(refused(none, wishes).message == "--initial-cluster has http://a:1 twice");
}

// Two members of one name, or one that is no folder's, were refused with the advice to give
// --initial-cluster, and refused again where it was given.
TEST_CASE("what stands in the way in the backup's own names is out of it with an initial cluster") {
    const auto twice = source_of({member(1, "m", "http://a:1"), member(2, "m", "http://b:1")});
    const auto path = source_of({member(1, "../m", "http://a:1")});
    auto wishes = wishes_of();
    wishes.name = "m1";
    CHECK(refused(twice, wishes).message ==
          "two of the backup's members are named m; give --initial-cluster with a name for each");
    CHECK(refused(path, wishes).message ==
          "the member name \"../m\" can be no folder and no entry of --initial-cluster; choose "
          "another with --name and --initial-cluster");
    wishes.initial_cluster = "m1=http://a:1,m2=http://b:1";
    CHECK(chosen(twice, wishes).names == Texts{"m1"});
    CHECK(chosen(path, wishes).names == Texts{"m1"});
}

TEST_CASE("a manifest serves where no option says otherwise") {
    auto wishes = wishes_of();
    wishes.manifest.emplace();
    wishes.manifest->name = "m1";
    wishes.manifest->initial_cluster = "m1=http://a:1";
    wishes.manifest->initial_advertise_peer_urls = "http://a:1";
    CHECK(chosen(one, wishes).names == Texts{"m1"});

    // It is of the day when its member joined, and shorter than the cluster.
    CHECK(refused(three, wishes).message.starts_with("one member of several never gets a quorum"));

    wishes.initial_cluster = "m1=http://x:1,m2=http://y:1";
    wishes.initial_advertise_peer_urls = "http://x:1";
    CHECK(initial_cluster(chosen(three, wishes).peers) == *wishes.initial_cluster);
}
