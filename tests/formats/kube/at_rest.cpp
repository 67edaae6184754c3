#include <catch2/catch.hpp>

#include "formats/kube/at_rest/config.hpp"

using namespace salvor;
using namespace salvor::kube;

namespace {

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

// Computed from the layouts by other code than Kubernetes' or ours. Key 00..1f, plaintext
// "k8s\0hello".
const std::string secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string path = "/registry/secrets/default/s";
const std::string plain("k8s\0hello", 9);
const std::string gcm = from_hex(
    "6b38733a656e633a61657367636d3a76313a6b6579313aa0a1a2a3a4a5a6a7a8a9aaab8d200f2d2dae6ed30d7f9b41"
    "230af1c7e15c2c972c0dd9487d");
const std::string cbc = from_hex(
    "6b38733a656e633a6165736362633a76313a6b6579313ab0b1b2b3b4b5b6b7b8b9babbbcbdbebf7f0c9e75cec4c16c"
    "e93cc4f44c7583cb");

std::string config_text(std::string_view providers, std::string_view resources = "[secrets]") {
    return fmt::format(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- "
        "resources: {}\n  providers:\n{}",
        resources, providers);
}
std::string keyed(std::string_view scheme, std::string_view name = "key1") {
    return fmt::format("  - {}: {{keys: [{{name: {}, secret: {}}}]}}\n", scheme, name, secret);
}

}  // namespace

TEST_CASE("an aesgcm value opens with its key and its own path, and with no other path") {
    const auto config = at_rest::Config::parse(config_text(keyed("aesgcm")));
    REQUIRE(config);
    const auto opened = config->open("secrets", "", path, gcm);
    REQUIRE(opened);
    CHECK(opened->plain == plain);
    CHECK(opened->key_name == "key1");
    CHECK_FALSE(opened->stale);
    const auto moved = config->open("secrets", "", "/registry/secrets/default/t", gcm);
    REQUIRE_FALSE(moved);
    CHECK(moved.error().code == ErrorCode::malformed);
}

TEST_CASE("an aescbc value opens, and one with a byte changed does not") {
    const auto config = at_rest::Config::parse(config_text(keyed("aescbc")));
    REQUIRE(config->open("secrets", "", path, cbc)->plain == plain);
    auto changed = cbc;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    CHECK_FALSE(config->open("secrets", "", path, changed));
}

TEST_CASE(
    "a value opened by a later provider is stale, and so is a plain one where a provider writes") {
    const auto config = at_rest::Config::parse(
        config_text(keyed("aesgcm") + keyed("aescbc") + "  - identity: {}\n"));
    CHECK(config->open("secrets", "", path, cbc)->stale);
    CHECK_FALSE(config->open("secrets", "", path, gcm)->stale);
    CHECK(config->open("secrets", "", path, plain)->stale);
    CHECK_FALSE(config->open("configmaps", "", path, plain)->stale);
}

TEST_CASE("two providers of one scheme may hold keys of one name: each is tried") {
    const std::string wrong =
        "  - aescbc: {keys: [{name: key1, secret: /////////////////////w==}]}\n";
    const auto config = at_rest::Config::parse(config_text(wrong + keyed("aescbc")));
    REQUIRE(config);
    CHECK(config->open("secrets", "", path, cbc)->plain == plain);
}

TEST_CASE("a resource's providers are those that name it, else its group's, else all's") {
    const auto config = at_rest::Config::parse(
        config_text(keyed("aescbc"), "['*.']") + "- resources: ['*.*']\n  providers:\n" +
        keyed("aesgcm") + "- resources: [deployments.apps]\n  providers:\n  - identity: {}\n");
    REQUIRE(config);
    CHECK(config->providers("secrets", "").front()->scheme() == "aescbc");
    CHECK(config->providers("jobs", "batch").front()->scheme() == "aesgcm");
    CHECK(config->providers("deployments", "apps").front()->scheme().empty());
}

TEST_CASE("a missing key is told by its name, and a KMS plugin by its own") {
    const auto config = at_rest::Config::parse(config_text(
        keyed("aescbc", "key2") + "  - kms: {apiVersion: v2, name: prov, endpoint: unix:///x}\n"));
    REQUIRE(config);
    CHECK(config->open("secrets", "", path, cbc).error().message.find("no key key1 of aescbc v1") !=
          std::string::npos);
    CHECK(config->open("secrets", "", path, "k8s:enc:kms:v2:prov:xx")
              .error()
              .message.find("KMS plugin prov") != std::string::npos);
}

TEST_CASE("a configuration that the server refuses is refused with the line") {
    CHECK_FALSE(at_rest::Config::parse("kind: Secret\n"));
    CHECK_FALSE(at_rest::Config::parse("a: [\n"));
    const auto short_secret =
        at_rest::Config::parse(config_text("  - aescbc: {keys: [{name: a, secret: AAAA}]}\n"));
    REQUIRE_FALSE(short_secret);
    CHECK(short_secret.error().message.find("3 bytes") != std::string::npos);
}
