#include "formats/etcd/member.hpp"

#include <catch2/catch.hpp>

using namespace salvor;
using namespace salvor::etcd;

// The ids that servers of all four lines gave these members.
TEST_CASE("ids of members and clusters are etcd's own") {
    const auto local = member_id({"http://localhost:2380"}, "etcd-cluster");
    CHECK(to_string(local) == "8e9e05c52164694d");
    CHECK(to_string(cluster_id({local})) == "cdf818194e3a8c32");

    const auto first = member_id({"http://127.0.0.1:12380"}, "tok");
    const auto second = member_id({"http://127.0.0.1:22380"}, "tok");
    CHECK(to_string(first) == "d622127685879b3c");
    CHECK(to_string(second) == "117b9266988c4966");
    CHECK(to_string(cluster_id({first})) == "6656feb867e68582");
    CHECK(to_string(cluster_id({first, second})) == "675d6183bdb0addc");
}

TEST_CASE("the order in which a member's URLs or a cluster's members are given changes no id") {
    CHECK(member_id({"http://b:1", "http://a:1"}, "t") ==
          member_id({"http://a:1", "http://b:1"}, "t"));
    CHECK(cluster_id({MemberId{2}, MemberId{1}}) == cluster_id({MemberId{1}, MemberId{2}}));
}

TEST_CASE("a member's JSON is Go's, field by field") {
    CHECK(encode_member(
              {MemberId{10276657743932975437U}, {"http://localhost:2380"}, false, "default", {}}) ==
          R"({"id":10276657743932975437,"peerURLs":["http://localhost:2380"],"name":"default"})");
    CHECK(encode_member({MemberId{14910101893397962201U}, {"http://127.0.0.1:1"}, true, "", {}}) ==
          R"({"id":14910101893397962201,"peerURLs":["http://127.0.0.1:1"],"isLearner":true})");
    CHECK(encode_member({MemberId{1},
                         {"http://a:1", "http://b:1"},
                         false,
                         "m<1>&\"\\\n\x01\xff",
                         {"https://c:2"}}) ==
          "{\"id\":1,\"peerURLs\":[\"http://a:1\",\"http://b:1\"],"
          "\"name\":\"m\\u003c1\\u003e\\u0026\\\"\\\\\\n\\u0001\\ufffd\",\"clientURLs\":[\"https://"
          "c:2\"]}");
    CHECK(encode_member({MemberId{1}, {}, false, "", {}}) == R"({"id":1,"peerURLs":null})");
}

TEST_CASE("fields that Go would pass over are passed over, nulls leave nothing") {
    const auto member = parse_member(
        R"( {"future":{"a":[1]},"id":7,"peerURLs":null,"name":null,"clientURLs":["x"]} )");
    REQUIRE(member);
    CHECK(number(member->id) == 7);
    CHECK(member->peer_urls.empty());
    CHECK(member->name.empty());
    CHECK(member->client_urls == std::vector<std::string>{"x"});
}

TEST_CASE("a member row of another shape is refused by the name of its field") {
    for (const auto& [json, flaw] : {std::pair{"", "0 bytes that are no JSON object"},
                                     {"[1]", "3 bytes that are no JSON object"},
                                     {R"({"id":-1})", "id is not an id"},
                                     {R"({"id":1.5})", "id is not an id"},
                                     {R"({"id":18446744073709551616})", "id is not an id"},
                                     {R"({"peerURLs":"x"})", "peerURLs is not a list"},
                                     {R"({"peerURLs":["x",1]})", "peerURLs is not a list of texts"},
                                     {R"({"isLearner":1})", "isLearner is not true or false"},
                                     {R"({"name":1})", "name is not a text"}}) {
        const auto member = parse_member(json);
        REQUIRE(!member);
        CHECK(member.error().code == ErrorCode::malformed);
        CHECK(member.error().message == std::string("membership.Member: ") + flaw);
    }
}

TEST_CASE("a member's key is hex and nothing else") {
    CHECK(parse_member_id("8e9e05c52164694d") == MemberId{0x8e9e05c52164694d});
    CHECK(parse_member_id("0A") == MemberId{10});
    for (const auto* text : {"", "0x1", "-1", "+1", "1 ", "g", "18e9e05c52164694d"})
        CHECK(!parse_member_id(text));
}
