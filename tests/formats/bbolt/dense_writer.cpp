#include <random>

#include "tests/formats/bbolt/contents.hpp"

using namespace salvor;
using namespace salvor::bbolt;

TEST_CASE("what is written dense is read back, at each page size, and nothing in it is free") {
    const std::size_t page_size = GENERATE(512U, 1024U, 4096U, 16384U, 65536U);
    CAPTURE(page_size);
    Contents contents;
    contents["empty"];
    contents["inline"]["k"] = "v";
    std::mt19937 random(page_size);
    for (int i = 0; i < 20000; ++i) {
        contents["many"][fmt::format("{:016x}", random())] = std::string(random() % 60, 'v');
    }
    for (int i = 0; i < 40; ++i) {
        contents["large"][fmt::format("{:04}", i)] = std::string(random() % (5 * page_size), 'L');
    }
    contents["large"]["huge"] = std::string((std::size_t{1} << 20) + 12345, 'H');
    contents["large"]["huge, whole pages"] = std::string((std::size_t{2} << 20) - 32 - 17, 'H');
    contents["large"][std::string(32768, 'k')] = "the longest key";
    contents["large"][std::string(32767, 'k') + "l"] = "and its neighbour";
    const std::string image = dense(contents, page_size);
    const auto db = Database::open(image);
    REQUIRE(db);
    CHECK(image.size() == db->logical_size());
    CHECK(db->page_size() == page_size);
    CHECK(sound_contents(*db) == contents);
    const auto structure = check(*db, [](const Problem&) {});
    CHECK(structure.pages.free == 0);
    for (const auto& shape : structure.buckets) {
        if (shape.name != "many") continue;
        const auto allocated = (shape.leaf_pages + shape.leaf_overflow) * page_size;
        CHECK(shape.leaf_bytes > allocated * 85 / 100);
    }
}

TEST_CASE("an empty database has one empty leaf") {
    const std::string image = dense({}, 4096, 1);
    CHECK(image.size() == std::size_t{3} * 4096);
    const auto db = Database::open(image);
    REQUIRE(db);
    CHECK(db->metas()[0].valid());
    CHECK(db->metas()[1].valid());
    CHECK(db->chosen_meta() == 1);
    CHECK(sound_contents(*db).empty());
}

TEST_CASE("many buckets make a root of several levels") {
    Contents contents;
    for (int i = 0; i < 2000; ++i)
        contents[fmt::format("bucket {:05}", i)]["k"] = fmt::format("{}", i);
    const std::string image = dense(contents, 512);
    const auto db = Database::open(image);
    REQUIRE(db);
    CHECK(sound_contents(*db) == contents);
    CHECK(db->buckets()->size() == 2000);
    CHECK(*db->get(**db->bucket("bucket 01234"), "k") == "1234");
}

TEST_CASE("buckets lie within buckets, inline and not") {
    MemoryFile file;
    DenseWriter writer(file.sink(), 512);
    REQUIRE(writer.begin_bucket("a", 11));
    REQUIRE(writer.begin_child("b", 12));
    REQUIRE(writer.begin_child("c", 13));
    REQUIRE(writer.put("deep", "value"));
    REQUIRE(writer.end_child());
    REQUIRE(writer.put("k", "v"));
    REQUIRE(writer.begin_bucket("z"));
    REQUIRE(writer.finish(TxId{1}));
    const auto db = Database::open(file.bytes);
    const Contents expected{
        {"a", {}}, {"a/b", {{"k", "v"}}}, {"a/b/c", {{"deep", "value"}}}, {"z", {}}};
    CHECK(sound_contents(*db) == expected);
    const auto shapes = check(*db, [](const Problem&) {}).buckets;
    REQUIRE(shapes.size() == 5);
    CHECK(shapes[1].sequence == 11);
    CHECK(shapes[3].name == "a/b/c");
    CHECK(shapes[3].is_inline);
    CHECK(shapes[3].sequence == 13);
    CHECK(!shapes[2].is_inline);
}

TEST_CASE("keys and buckets out of order are refused") {
    MemoryFile file;
    DenseWriter writer(file.sink(), 4096);
    REQUIRE(writer.begin_bucket("b"));
    REQUIRE(writer.put("k", "v"));
    CHECK(writer.put("k", "v").error().code == ErrorCode::malformed);
    CHECK(writer.put("j", "v").error().code == ErrorCode::malformed);
    CHECK(writer.put("", "v").error().code == ErrorCode::malformed);
    CHECK(writer.put(std::string(32769, 'z'), "").error().code == ErrorCode::too_large);
    REQUIRE(writer.begin_bucket("a"));
    CHECK(writer.finish(TxId{1}).error().code == ErrorCode::malformed);
}
