#include "core/audit/oauth.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;
using namespace salvor::audit;

namespace {

constexpr std::int64_t created = 1'767'225'600;  // 2026-01-01T00:00:00Z

std::optional<HeldSecret> of(const std::string& kind, const std::string& name,
                             const std::string& rest, std::int64_t now) {
    kube::Document document;
    const auto json = R"({"kind":")" + kind + R"(","metadata":{"name":")" + name +
                      R"(","creationTimestamp":"2026-01-01T00:00:00Z"},"clientName":"console",)" +
                      rest + "}";
    const auto value = kube::parse_json(json, document);
    REQUIRE(value);
    return oauth_credential_of(kind, *value, now, [](const auto& user, const auto& uid) {
        return user == "jane" && uid == "u1";
    });
}
const std::string of_jane = R"("userName":"jane","userUID":"u1")";

}  // namespace

TEST_CASE("an OAuth access token is good until it expires") {
    const auto day = of_jane + R"(,"expiresIn":86400)";
    const auto held = of("OAuthAccessToken", "abc", day, created + 1);
    REQUIRE(held);
    CHECK(held->validity == Validity::ends);
    CHECK(held->expires == created + 86400);
    CHECK(held->what == "access token of jane, for client console");
    CHECK(held->type == "OAuthAccessToken");
    CHECK(of("OAuthAccessToken", "abc", day, created + 86400)->validity == Validity::ended);
    CHECK(of("OAuthAccessToken", "abc", of_jane, created)->validity == Validity::never_ends);
}

TEST_CASE("an OAuth token that was idle for too long has ended before") {
    const auto idle = of_jane + R"(,"expiresIn":86400,"inactivityTimeoutSeconds":600)";
    CHECK(of("OAuthAccessToken", "abc", idle, created + 1)->expires == created + 86400);
    const auto held = of("OAuthAccessToken", "abc", idle, created + 600);
    CHECK(held->validity == Validity::ended);
    CHECK(held->expires == created + 600);
}

TEST_CASE("of an OAuth token whose digest is stored, or whose user is gone, nothing is held") {
    CHECK(of("OAuthAccessToken", "sha256~abc", of_jane, created)->validity == Validity::void_);
    const auto other = std::string(R"("userName":"jane","userUID":"u2")");
    CHECK(of("OAuthAccessToken", "abc", other, created)->validity == Validity::void_);
    const auto first = std::string(R"("userName":"kube:admin","userUID":"u9")");
    CHECK(of("OAuthAccessToken", "abc", first, created)->is_good());
}

TEST_CASE("an authorization code with a challenge takes a verifier as well") {
    const auto held = of("OAuthAuthorizeToken", "abc",
                         of_jane + R"(,"expiresIn":300,"codeChallenge":"x")", created);
    CHECK(held->what ==
          "authorization code of jane, for client console, which takes a verifier as well");
}

TEST_CASE("an OAuth client is held by its secrets, and one without holds nothing") {
    CHECK(of("OAuthClient", "console", R"("secret":"s")", created)->validity ==
          Validity::never_ends);
    CHECK(of("OAuthClient", "console", R"("additionalSecrets":["s"])", created));
    CHECK_FALSE(of("OAuthClient", "console", R"("grantMethod":"auto")", created));
    CHECK_FALSE(of("OAuthClientAuthorization", "jane:console", of_jane, created));
}
