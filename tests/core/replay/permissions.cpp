#include "core/replay/permissions.hpp"

#include <catch2/catch.hpp>

using namespace salvor;
using namespace salvor::replay;
using To = Permissions::To;

namespace {

const std::string open_end(1, '\0');

Permissions writing(std::initializer_list<std::pair<std::string, std::string>> ranges) {
    Permissions permissions;
    for (const auto& [key, end] : ranges) {
        permissions.add({etcd::PermissionType::write, key, end});
    }
    return permissions;
}

}  // namespace

TEST_CASE("a permission of one key is of that key alone") {
    const auto permissions = writing({{"b", ""}});
    CHECK(permissions.allow(To::write, {"b", {}}));
    CHECK_FALSE(permissions.allow(To::write, {"ba", {}}));
    CHECK_FALSE(permissions.allow(To::read, {"b", {}}));
}

TEST_CASE("a range may lie within several permissions that leave no gap") {
    CHECK(writing({{"c", "f"}, {"a", "c"}}).allow(To::write, {"b", "e"}));
    CHECK_FALSE(writing({{"d", "f"}, {"a", "c"}}).allow(To::write, {"b", "e"}));
    CHECK_FALSE(writing({{"a", "c"}}).allow(To::write, {"a", "d"}));
    CHECK_FALSE(writing({}).allow(To::write, {"a", {}}));
}

TEST_CASE("only a permission without an end covers a range without one") {
    CHECK(writing({{"a", open_end}}).allow(To::write, {"b", open_end}));
    CHECK(writing({{"a", open_end}}).allow(To::write, {"b", "zz"}));
    CHECK_FALSE(writing({{"a", "zzz"}}).allow(To::write, {"b", open_end}));
}
