#include "core/snapshot/packing.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace salvor {

TEST_CASE("a tar is known by its first header, and a plain file is no packing") {
    std::string tar(512, '\0');
    CHECK_FALSE(packing_of(tar));
    tar.replace(257, 5, "ustar");
    REQUIRE(packing_of(tar));
    CHECK(std::string(packing_of(tar)->what) == "tar");
    CHECK_FALSE(packing_of(tar.substr(0, 260)));
    CHECK_FALSE(packing_of(""));
}

}  // namespace salvor
