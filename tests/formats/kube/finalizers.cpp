#include "formats/kube/finalizers.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/lifecycle.hpp"
#include "formats/kube/stored.hpp"

using namespace salvor;
using namespace std::string_literals;

namespace {

/// A message that holds `content` as a field with a length.
std::string field(char number, const std::string& content) {
    return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size()) +
           content;
}

/// A ConfigMap a with that metadata behind its name, and data that has to stay.
std::string stored(const std::string& metadata) {
    const auto object =
        field(1, field(1, "a") + metadata) + field(2, field(1, "k") + field(2, "v"));
    return "k8s\0"s + field(1, field(1, "v1") + field(2, "ConfigMap")) + field(2, object) +
           field(3, "") + field(4, "");
}

}  // namespace

TEST_CASE("finalizers go out of a protobuf value, and nothing else does") {
    const auto without = kube::without_finalizers(
        stored(field(9, "\x08\x01"s) + field(14, "x/f") + field(14, "y/g") + field(5, "uid")));
    REQUIRE(without);
    CHECK(*without == stored(field(9, "\x08\x01"s) + field(5, "uid")));
    const auto same = kube::without_finalizers(stored(""));
    REQUIRE(same);
    CHECK(*same == stored(""));
}

TEST_CASE("finalizers go out of a JSON value, which is written as an apiserver would anew") {
    const auto without = kube::without_finalizers(
        R"({"apiVersion":"a/v1","kind":"A","metadata":{"name":"a","finalizers":["x"]},"spec":{"n":1.50,"big":12345678901234567890}})");
    REQUIRE(without);
    CHECK(
        *without ==
        R"({"apiVersion":"a/v1","kind":"A","metadata":{"name":"a"},"spec":{"big":12345678901234567890,"n":1.5}})"
        "\n");
}

TEST_CASE("what cannot be looked into keeps its finalizers") {
    CHECK(kube::without_finalizers("k8s:enc:aescbc:v1:k:xx").error().code ==
          ErrorCode::unsupported);
    CHECK(kube::without_finalizers("k8s\0\x12\x7f"s).error().code == ErrorCode::malformed);
    CHECK(kube::without_finalizers("{\"metadata\":").error().code == ErrorCode::malformed);
}
