#include "formats/base/cursor.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

TEST_CASE("a cursor reads field after field in the order that is asked for") {
    Cursor cursor(Bytes("\x01\x02\x03\x04\x05\x06xyz", 9));
    CHECK(cursor.le<std::uint16_t>("a") == 0x0201);
    CHECK(cursor.be<std::uint32_t>("b") == 0x03040506);
    CHECK(cursor.bytes(2, "c") == "xy");
    CHECK(cursor.left() == 1);
    CHECK(cursor.at() == 8);
    CHECK(cursor.done("thing"));
}

TEST_CASE("a cursor keeps its first failure and reads nothing afterwards") {
    Cursor cursor(Bytes("\x01\x02\x03", 3), 100);
    CHECK(cursor.le<std::uint16_t>("a") == 0x0201);
    CHECK(cursor.le<std::uint64_t>("b") == 0);
    CHECK(cursor.le<std::uint8_t>("c") == 0);
    CHECK(cursor.bytes(1, "d").empty());
    CHECK_FALSE(cursor.ok());
    const auto done = cursor.done("thing");
    REQUIRE_FALSE(done);
    CHECK(done.error().message == "thing: b needs 8 bytes, 1 are left");
    CHECK(done.error().offset == 102);
    CHECK(done.error().code == ErrorCode::malformed);
}

TEST_CASE("a count that would wrap around does not fit") {
    Cursor cursor(Bytes("abc"));
    CHECK(cursor.bytes(1, "a") == "a");
    CHECK(cursor.bytes(SIZE_MAX, "b").empty());
    CHECK_FALSE(cursor.ok());
}
