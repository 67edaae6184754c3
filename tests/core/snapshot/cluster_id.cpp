#include "core/snapshot/cluster_id.hpp"

#include <catch2/catch.hpp>

namespace salvor {
namespace {

etcd::Member voter(etcd::MemberId id, const char* url) {
    etcd::Member member;
    member.id = id;
    member.peer_urls = {url};
    return member;
}

etcd::Member founder(const char* url, Bytes token) {
    return voter(etcd::member_id({url}, token), url);
}

}  // namespace

TEST_CASE("founders are known by a common token, whatever their number") {
    const auto a = founder("http://a:2380", "etcd-cluster"),
               b = founder("http://b:2380", "etcd-cluster");
    const auto found = cluster_of({a, b}, {});
    REQUIRE(found);
    CHECK(found->id == etcd::cluster_id({a.id, b.id}));
    CHECK(found->evidence == "recomputed from its members and the token \"etcd-cluster\"");
}

TEST_CASE("one voter founded its cluster alone, if nobody was removed") {
    const auto one = voter(etcd::MemberId{7}, "http://a:2380");
    auto learner = voter(etcd::MemberId{8}, "http://b:2380");
    learner.is_learner = true;
    const auto found = cluster_of({one, learner}, {});
    REQUIRE(found);
    CHECK(found->id == etcd::cluster_id({one.id}));
    CHECK_FALSE(cluster_of({one}, {etcd::MemberId{9}}));
}

TEST_CASE("of two voters with a token that is not known one may have joined later") {
    CHECK_FALSE(cluster_of({founder("http://a:2380", "own"), founder("http://b:2380", "own")}, {}));
    CHECK_FALSE(cluster_of({}, {}));
}

}  // namespace salvor
