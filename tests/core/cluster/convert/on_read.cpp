#include "core/cluster/convert/on_read.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;
using namespace salvor::convert;

namespace {

Value filled(const std::string& json, std::uint8_t release, kube::Document& document) {
    auto object = kube::parse_json(json, document);
    REQUIRE(object);
    fill_on_read(*object, release);
    return std::move(*object);
}

}  // namespace

TEST_CASE("a Service from before there were two families gets its one") {
    const std::string service =
        R"({"apiVersion":"v1","kind":"Service","spec":{"type":"ClusterIP","clusterIP":"fd00::1"}})";
    kube::Document document;
    const auto now = filled(service, 36, document);
    CHECK(now.at({"spec", "clusterIPs"})->items.at(0).string == "fd00::1");
    CHECK(now.at({"spec", "ipFamilies"})->items.at(0).string == "IPv6");
    CHECK(now.find("spec")->text("ipFamilyPolicy") == "SingleStack");
    CHECK_FALSE(filled(service, 19, document).at({"spec", "clusterIPs"}));
}

TEST_CASE("a headless Service's families are not guessed") {
    kube::Document document;
    const auto service = filled(
        R"({"apiVersion":"v1","kind":"Service","spec":{"type":"ClusterIP","clusterIP":"None"}})",
        36, document);
    CHECK_FALSE(service.at({"spec", "ipFamilies"}));
}

TEST_CASE("a claim's source and reference say the same") {
    kube::Document document;
    const auto claim = filled(
        R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","spec":{"dataSource":{"kind":"VolumeSnapshot","name":"s"}}})",
        36, document);
    CHECK(claim.at({"spec", "dataSourceRef"})->text("name") == "s");
}
