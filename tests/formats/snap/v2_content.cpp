#include "formats/snap/v2_content.hpp"

#include <catch2/catch.hpp>

#include "formats/snap/v2_store.hpp"

using namespace salvor;

namespace {

std::string flaw(Bytes json) {
    const auto content = snap::parse_v2_store(json);
    return content ? "" : content.error().message;
}

/// A store with these nodes below /0/members.
std::string with_members(const std::string& nodes) {
    return R"({"Root":{"Children":{"0":{"Children":{"members":{"Children":{)" + nodes + "}}}}}}}";
}

std::string member_nodes(const std::string& id, const std::string& attributes) {
    return fmt::format(R"("{}":{{"Path":"/0/members/{}","Children":{{{}}}}})", id, id, attributes);
}

std::string attribute(const std::string& id, const std::string& name, const std::string& value) {
    return fmt::format(R"("{}":{{"Path":"/0/members/{}/{}","Value":"{}"}})", name, id, name, value);
}

}  // namespace

TEST_CASE("the store that a restore writes is read back, members and all") {
    const std::vector<etcd::Member> written{
        {etcd::MemberId{0xb1}, {"http://a:1", "http://b\":2"}, false, "", {}},
        {etcd::MemberId{0xa2}, {"http://c:3"}, false, "", {}}};
    for (const auto line : {etcd::Line::v3_4, etcd::Line::v3_7}) {
        const auto content = snap::parse_v2_store(snap::restored_store(line, written));
        REQUIRE(content);
        REQUIRE(content->members.size() == 2);
        CHECK(content->members[0].id == etcd::MemberId{0xa2});
        CHECK(content->members[1].peer_urls == written[0].peer_urls);
        CHECK(content->unreadable.empty());
        CHECK_FALSE(content->version);
        CHECK_FALSE(content->users_key);
    }
}

TEST_CASE("a running member's store has names, client URLs and the cluster's version") {
    const auto content = snap::parse_v2_store(
        R"({"Root":{"Children":{"0":{"Children":{"version":{"Path":"/0/version","Value":"3.5.0"},)"
        R"("members":{"Children":{)" +
        member_nodes(
            "a", attribute("a", "attributes", R"({\"name\":\"n\",\"clientURLs\":[\"http://c\"]})") +
                     "," + attribute("a", "raftAttributes", R"({\"peerURLs\":[\"http://p\"]})")) +
        R"(}}}}}},"CurrentIndex":7,"CurrentVersion":2})");
    REQUIRE(content);
    CHECK(content->version == "3.5.0");
    REQUIRE(content->members.size() == 1);
    CHECK(content->members[0].name == "n");
    CHECK(content->members[0].client_urls == std::vector<std::string>{"http://c"});
    CHECK(content->members[0].peer_urls == std::vector<std::string>{"http://p"});
}

TEST_CASE("an empty object and a null are the empty store, as they are to Go") {
    for (const auto* json : {"{}", "null", R"({"Unknown":[{"Root":1}],"CurrentIndex":null})"}) {
        const auto content = snap::parse_v2_store(json);
        REQUIRE(content);
        CHECK(content->members.empty());
    }
}

TEST_CASE("what Go cannot read into the store, or cannot walk then, is told") {
    CHECK(flaw("") == "the v2 store of 0 bytes: no JSON from byte 0 on");
    CHECK(flaw(R"({"Root":{"Children":{}})") ==
          "the v2 store of 23 bytes: no JSON from byte 23 on");
    CHECK(flaw("[]") == "the v2 store of 2 bytes: the store is no object");
    CHECK(flaw(R"({"Root":null})") == "the v2 store of 13 bytes: Root is null");
    CHECK(flaw(R"({"Root":{}})") == "the v2 store of 11 bytes: the root is no folder");
    CHECK(flaw(R"({"CurrentIndex":-1})") ==
          "the v2 store of 19 bytes: CurrentIndex is of another kind");
    CHECK(flaw(R"({"Root":{"Children":{"0":null}}})") ==
          "the v2 store of 32 bytes: node /0 is null");
    CHECK(flaw(R"({"Root":{"Children":{"0":{"Value":7,"Children":{}}}}})") ==
          "the v2 store of 53 bytes: Value is of another kind");
}

TEST_CASE("a member that etcd cannot read is told with the reason") {
    const auto reasons = [](const std::string& nodes) {
        const auto content = snap::parse_v2_store(with_members(nodes));
        REQUIRE(content);
        CHECK(content->members.empty());
        return content->unreadable;
    };
    using Reasons = std::vector<std::string>;
    CHECK(reasons(member_nodes("a", "")) == Reasons{"/0/members/a: it has no raftAttributes"});
    CHECK(reasons(member_nodes("x", "")) == Reasons{"/0/members/x: its path ends in no id"});
    CHECK(reasons(member_nodes("a", attribute("a", "more", "1"))) ==
          Reasons{"/0/members/a: /0/members/a/more is none of its attributes"});
    CHECK(reasons(member_nodes("a", attribute("a", "raftAttributes", "7"))) ==
          Reasons{"/0/members/a: membership.Member: 1 bytes that are no JSON object"});
}

TEST_CASE("users' keys are told from what v2's authentication left behind") {
    const auto users_key = [](const std::string& children) {
        const auto content = snap::parse_v2_store(R"({"Root":{"Children":{)" + children + "}}}");
        REQUIRE(content);
        return content->users_key;
    };
    CHECK_FALSE(users_key(R"("0":{"Children":{}},"1":{"Children":{}})"));
    CHECK_FALSE(users_key(R"("2":{"Children":{"roles":{"Children":{}},"enabled":{"Value":"x"}}})"));
    CHECK_FALSE(users_key(R"("1":{"Children":{"_hidden":{"Value":"x"}}})"));
    CHECK(users_key(R"("1":{"Children":{"a":{"Value":"x"},"b":{"Value":"y"}}})") == "/1/a");
    CHECK(users_key(R"("2":{"Children":{"users":{"Children":{"u":{"Value":""}}}}})") ==
          "/2/users/u");
}

TEST_CASE("a store of very many levels ends in an error, not in the end of the stack") {
    std::string json = R"({"Root":)";
    for (int i = 0; i < 20000; ++i) json += R"({"Children":{"a":)";
    CHECK(flaw(json).ends_with("more than 10000 levels deep"));
}
