#include "formats/kube/peek.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "formats/kube/stored.hpp"

using namespace salvor;
using namespace std::string_literals;

namespace {

/// A length-delimited field of less than 128 bytes, as FORMAT.md has it.
std::string field(char number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string stored(const std::string& object) {
    return "k8s\0"s + field(1, field(1, "v1") + field(2, "Kind")) + field(2, object) +
           field(3, "") + field(4, "");
}

}  // namespace

TEST_CASE("a value's encoding is told by its first bytes") {
    CHECK(kube::encoding_of("k8s:enc:aescbc:v1:key1:...") == kube::Encoding::encrypted);
    CHECK(kube::encoding_of("k8s\0\x0a"s) == kube::Encoding::protobuf);
    CHECK(kube::encoding_of("\xd9\xd9\xf7\xa1") == kube::Encoding::cbor);
    CHECK(kube::encoding_of(" \n{\"kind\":\"X\"}") == kube::Encoding::json);
    CHECK(kube::encoding_of("1042") == kube::Encoding::other);
    CHECK(kube::encoding_of("k8s") == kube::Encoding::other);
    CHECK(kube::encoding_of("") == kube::Encoding::other);
}

TEST_CASE("an object's uid is found in protobuf and JSON") {
    CHECK(kube::object_uid(stored(field(1, field(1, "kube-system") + field(5, "u-1")))) == "u-1");
    CHECK(kube::object_uid(R"({"metadata":{"name":"x","uid":"u-2"}})") == "u-2");
}

TEST_CASE("a value without a uid, encrypted or cut short has none") {
    const auto whole = stored(field(1, field(5, "u-1")));
    for (std::size_t size = 0; size < whole.size() - 9; ++size)
        CHECK_FALSE(kube::object_uid(whole.substr(0, size)));
    CHECK_FALSE(kube::object_uid(stored(field(1, field(1, "x")))));
    CHECK_FALSE(kube::object_uid("k8s:enc:aescbc:v1:key1:u-1"));
    for (const char* json : {"{", "{}", R"({"metadata":7})", R"({"metadata":{"uid":7}})"})
        CHECK_FALSE(kube::object_uid(json));
}

TEST_CASE("a Lease's renewTime is read in seconds") {
    const auto time = "\x08\x80\xe2\xcf\xaa\x06\x10\x01"s;  // 1700000000 s, 1 ns
    CHECK(kube::lease_renew_time(stored(
              field(1, "") + field(2, field(1, "node-1") + field(4, time)))) == 1'700'000'000);
    CHECK_FALSE(kube::lease_renew_time(stored(field(2, field(1, "node-1")))));
    CHECK_FALSE(kube::lease_renew_time(stored(field(2, field(4, "\x08\x80"s)))));
}

TEST_CASE("a Node tells its kubelet, its system and its provider") {
    const auto info = field(7, field(5, "Talos (v1.11.2)") + field(7, "v1.36.0"));
    const auto node =
        kube::node_system(stored(field(1, "") + field(2, field(3, "kind://n")) + field(3, info)));
    REQUIRE(node);
    CHECK(node->kubelet_version == "v1.36.0");
    CHECK(node->os_image == "Talos (v1.11.2)");
    CHECK(node->provider_id == "kind://n");
    CHECK_FALSE(kube::node_system("k8s:enc:aescbc:v1:key1:..."));
}

TEST_CASE("of an apiserver's own lease the manager is told, of no other") {
    const auto label = [](const std::string& value) {
        return field(11, field(1, "apiserver.kubernetes.io/identity") + field(2, value));
    };
    // Fields above 15 have a tag of two bytes: 17 << 3 | 2.
    const auto managed = "\x8a\x01"s + field(1, field(1, "kube-apiserver-1.36")).substr(1);
    const auto own = label("kube-apiserver") + managed;
    CHECK(kube::apiserver_of_lease(stored(field(1, own))) == "kube-apiserver-1.36");
    CHECK_FALSE(kube::apiserver_of_lease(stored(field(1, managed))));
    CHECK_FALSE(kube::apiserver_of_lease(stored(field(1, label("other") + managed))));
}
