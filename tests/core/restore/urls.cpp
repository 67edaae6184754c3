#include "core/restore/urls.hpp"

#include <catch2/catch.hpp>

using namespace salvor;
using namespace salvor::restore;

namespace {

using Texts = std::vector<std::string>;

std::string refusal(std::string_view list) {
    const auto urls = parse_peer_urls(list);
    return urls ? "" : urls.error().message;
}

}  // namespace

TEST_CASE("peer URLs are a comma list, trimmed, with their schemes in small letters, sorted") {
    CHECK(parse_peer_urls("http://b:2380").value() == Texts{"http://b:2380"});
    CHECK(parse_peer_urls(" HTTPS://b:2380 , http://a:1,unix://sock").value() ==
          Texts{"http://a:1", "https://b:2380", "unix://sock"});
    CHECK(parse_peer_urls("http://[::1]:2380").value() == Texts{"http://[::1]:2380"});
}

TEST_CASE("a peer URL that etcd refuses is refused in its words") {
    constexpr const char* scheme = "URL scheme must be http, https, unix, or unixs: ";
    constexpr const char* port = "URL address does not have the form \"host:port\": ";
    CHECK(refusal("") == scheme + std::string());
    CHECK(refusal("10.0.0.1:2380") == scheme + std::string("10.0.0.1:2380"));
    CHECK(refusal("http://a:1,ftp://b:2") == scheme + std::string("ftp://b:2"));
    CHECK(refusal("http://a") == port + std::string("http://a"));
    CHECK(refusal("http://::1:2380") == port + std::string("http://::1:2380"));
    CHECK(refusal("http://[::1]") == port + std::string("http://[::1]"));
    CHECK(refusal("http://a:1/") == "URL must not contain a path: http://a:1/");
}

TEST_CASE("in an initial cluster a name with several URLs stands several times") {
    const auto peers = parse_initial_cluster("b=http://b:2, a=http://a:1 ,,b=http://b:1");
    REQUIRE(peers);
    REQUIRE(peers->size() == 2);
    const auto b = peers->front().name == "b" ? peers->front() : peers->back();
    CHECK(b.peer_urls == Texts{"http://b:1", "http://b:2"});
    CHECK(parse_initial_cluster("").value().empty());
}

TEST_CASE("an entry of an initial cluster without a URL is refused") {
    CHECK(parse_initial_cluster("m1").error().code == ErrorCode::usage);
    CHECK(parse_initial_cluster("m1=").error().message ==
          "URL scheme must be http, https, unix, or unixs: ");
}

TEST_CASE("an initial cluster is written as it is read") {
    const std::string text = "m1=http://a:1,m1=http://a:2,m2=https://b:1";
    CHECK(initial_cluster(parse_initial_cluster(text).value()) == text);
}
