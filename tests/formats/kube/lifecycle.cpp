#include "formats/kube/lifecycle.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/certificate.hpp"
#include "formats/kube/fields.hpp"

using namespace salvor;
using namespace std::string_literals;

namespace {

/// ObjectMeta with an owner (kind A, name b, uid c, apiVersion d, the controller), a deletion with
/// a grace of 30 seconds, a finalizer f.
const std::string metadata =
    "\x4a\x00\x50\x1e\x6a\x0e\x0a\x01"
    "A\x1a\x01"
    "b\x22\x01"
    "c\x2a\x01"
    "d\x30\x01\x72\x01"
    "f"s;
const std::string message = "\x0a"s + static_cast<char>(metadata.size()) + metadata;

}  // namespace

TEST_CASE("owners, finalizers and a deletion are read out of a message's metadata") {
    kube::Lifecycle life;
    kube::read_lifecycle(message, life);
    CHECK(life.is_deleted);
    CHECK(life.grace_period == 30);
    REQUIRE(life.owners.size() == 1);
    CHECK(life.owners[0].kind == "A");
    CHECK(life.owners[0].name == "b");
    CHECK(life.owners[0].uid == "c");
    CHECK(life.owners[0].api_version == "d");
    CHECK(life.owners[0].is_controller);
    REQUIRE(life.finalizers.size() == 1);
    CHECK(life.finalizers[0] == "f");
    kube::read_lifecycle("", life);
    CHECK_FALSE(life.is_deleted);
    CHECK(life.owners.empty());
}

TEST_CASE("owners, finalizers and a deletion are read out of JSON") {
    kube::Lifecycle life;
    kube::Document document;
    kube::read_lifecycle(
        R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":5,)"
        R"("finalizers":["f"],"ownerReferences":[{"apiVersion":"d","kind":"A","name":"b","uid":"c"}]}})",
        document, life);
    CHECK(life.is_deleted);
    CHECK(life.grace_period == 5);
    REQUIRE(life.owners.size() == 1);
    CHECK(life.owners[0].uid == "c");
    CHECK_FALSE(life.owners[0].is_controller);
    CHECK(life.finalizers == std::vector<Bytes>{"f"});
}

TEST_CASE("a message that is cut short ends the reading and says nothing of the rest") {
    for (std::size_t size = 0; size < message.size(); ++size) {
        kube::Lifecycle life;
        kube::read_lifecycle(Bytes(message).substr(0, size), life);
        CHECK(life.finalizers.empty());
    }
    CHECK_FALSE(kube::field_at("\x0a\x7f", {1}));
}

TEST_CASE("what is no PEM holds no certificate") {
    CHECK(kube::certificates_in("").empty());
    CHECK(kube::certificates_in("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
              .empty());
}
