#include <limits>
#include <random>

#include "formats/base/checksum.hpp"
#include "formats/base/mapped_file.hpp"
#include "tests/formats/bbolt/contents.hpp"

using namespace salvor;
using namespace salvor::bbolt;

namespace {

/// Keys from a small set, so that changes meet; values mostly small, seldom over several pages.
class Dice {
 public:
    explicit Dice(unsigned seed) : random_(seed) {}
    std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    std::string key() {
        const auto n = below(4000);
        return fmt::format("{:0{}}", n, n % 7 == 0 ? 120 : 6);
    }
    std::string value(std::size_t page_size) {
        const std::size_t size = below(40) == 0 ? below(4 * page_size) : below(80);
        return std::string(size, static_cast<char>('a' + below(26)));
    }

 private:
    std::mt19937 random_;
};

/// The same change to the model.
void apply(const Change& change, Contents& model) {
    for (const auto& [bucket, bucket_change] : change) {
        auto& keys = model[bucket];
        if (bucket_change.delete_all) keys.clear();
        for (const auto& [key, value] : bucket_change.keys) {
            if (value) {
                keys[key] = *value;
            } else {
                keys.erase(key);
            }
        }
    }
}

Change random_change(Dice& dice, std::size_t page_size, const Contents& model) {
    Change change;
    for (std::size_t buckets = 1 + dice.below(3); buckets > 0; --buckets) {
        const std::string name = fmt::format("bucket-{}", dice.below(5));
        auto& bucket = change[name];
        bucket.delete_all = dice.below(25) == 0;
        const bool mostly_deletes = dice.below(3) == 0;
        for (std::size_t i = dice.below(dice.below(4) == 0 ? 900 : 12); i > 0; --i) {
            const bool deletes = mostly_deletes || dice.below(5) == 0;
            bucket.keys[dice.key()] = deletes ? std::nullopt : std::optional(dice.value(page_size));
        }
        const auto standing = model.find(name);
        if (standing != model.end() && dice.below(6) == 0) {
            for (const auto& [key, _] : standing->second) bucket.keys[key] = std::nullopt;
        }
    }
    return change;
}

}  // namespace

TEST_CASE("random changes leave what a map would hold, in a sound file, at each page size") {
    const std::size_t page_size = GENERATE(512U, 4096U, 16384U, 65536U);
    const unsigned seed = GENERATE(1U, 2U, 3U);
    CAPTURE(page_size, seed);
    Dice dice(seed);
    Contents model;
    std::string image = dense(model, page_size);
    for (int round = 0; round < 25; ++round) {
        const auto db = Database::open(image);
        REQUIRE(db);
        const auto change = random_change(dice, page_size, model);
        const auto edit = plan_edit(*db, change);
        REQUIRE(edit);
        carry_out(*edit, image, page_size);
        apply(change, model);
        const auto changed = Database::open(image);
        REQUIRE(changed);
        REQUIRE(number(changed->meta().txid) == number(db->meta().txid) + 1);
        REQUIRE(sound_contents(*changed) == model);
    }
}

TEST_CASE("a change touches no page of the present tree, so a torn one leaves the old state") {
    Dice dice(9);
    Contents model;
    for (int i = 0; i < 300; ++i) model["a"][dice.key()] = dice.value(512);
    std::string image = dense(model, 512);
    const std::string before = image;
    const auto edit =
        plan_edit(*Database::open(image), {{"a", {false, {{"new", "value"}}}}, {"b", {}}});
    REQUIRE(edit);
    for (const auto& write : edit->pages) CHECK(number(write.id) * 512 >= before.size());
    // Every page but the metas: the power went before the sync.
    MemoryFile torn{image};
    for (const auto& write : edit->pages)
        REQUIRE(torn.write_at(number(write.id) * 512, write.bytes));
    CHECK(sound_contents(*Database::open(torn.bytes)) == model);
    // One meta alone is already the new state.
    const auto& newest = edit->metas.back();
    REQUIRE(torn.write_at(number(newest.id) * 512, newest.bytes));
    model["a"]["new"] = "value";
    model["b"];
    CHECK(sound_contents(*Database::open(torn.bytes)) == model);
}

TEST_CASE("a real snapshot takes a change, and all else in it stays") {
    const auto file = MappedFile::open(SALVOR_TESTDATA "/real/etcd-3.6/rich.db");
    REQUIRE(file);
    Bytes bytes = file->bytes();
    bytes.remove_suffix(bytes.size() % 512);
    std::string image(bytes);
    const auto db = Database::open(image);
    REQUIRE(db);
    auto expected = sound_contents(*db);
    REQUIRE(!expected["members"].empty());
    const Change change{
        {"members", {true, {{"8e9e05c52164694d", "{}"}}}},
        {"meta", {false, {{"term", std::string(8, '\1')}, {"confState", std::nullopt}}}},
        {"key", {false, {{std::string("\0\0\0\0\xff\0\0\0_\0\0\0\0\0\0\0\0", 17), ""}}}},
        {"notes", {false, {{"large", std::string(100000, 'x')}}}}};
    const auto edit = plan_edit(*db, change);
    REQUIRE(edit);
    carry_out(*edit, image, 4096);
    apply(change, expected);
    CHECK(sound_contents(*Database::open(image)) == expected);
}

TEST_CASE("a change that asks for what bbolt would refuse is refused") {
    std::string image = dense({{"a", {{"k", "v"}}}}, 4096);
    const auto db = Database::open(image);
    const auto code = [&](const Change& change) {
        const auto edit = plan_edit(*db, change);
        REQUIRE(!edit);
        return edit.error().code;
    };
    CHECK(code({{"a", {false, {{"", "v"}}}}}) == ErrorCode::malformed);
    CHECK(code({{"", {}}}) == ErrorCode::malformed);
    CHECK(code({{"a", {false, {{std::string(32769, 'k'), "v"}}}}}) == ErrorCode::too_large);
    CHECK(plan_edit(*db, {{"a", {false, {{std::string(32768, 'k'), "v"}}}}}));
}

// Found by fuzzing: the change bore transaction id 0, and the old state stayed the newer one.
TEST_CASE("a file whose transaction id is the last one takes no change") {
    std::string image = dense({{"a", {{"k", "v"}}}}, 4096);
    char* meta = image.data() + 4096 + page_header_size;
    store_le(meta + 48, std::numeric_limits<std::uint64_t>::max());
    store_le(meta + meta_checksum_at, fnv1a_64({meta, meta_checksum_at}));
    const auto db = Database::open(image);
    REQUIRE(db);
    const auto edit = plan_edit(*db, {{"a", {false, {{"k", "w"}}}}});
    REQUIRE(!edit);
    CHECK(edit.error().message.find("transaction id 18446744073709551615") == 0);
}

TEST_CASE("a nested bucket survives a change beside it, and is not overwritten by a key") {
    MemoryFile file;
    DenseWriter writer(file.sink(), 512);
    REQUIRE(writer.begin_bucket("outer"));
    REQUIRE(writer.put("a", "1"));
    REQUIRE(writer.begin_child("inner", 5));
    for (int i = 0; i < 100; ++i) REQUIRE(writer.put(fmt::format("{:03}", i), "in"));
    REQUIRE(writer.end_child());
    REQUIRE(writer.put("z", "2"));
    REQUIRE(writer.finish(TxId{3}));
    const auto db = Database::open(file.bytes);
    auto expected = sound_contents(*db);
    CHECK(expected["outer/inner"].size() == 100);
    CHECK(!plan_edit(*db, {{"outer", {false, {{"inner", "key"}}}}}));
    CHECK(!plan_edit(*db, {{"outer", {false, {{"inner", std::nullopt}}}}}));
    const auto edit = plan_edit(*db, {{"outer", {false, {{"b", "3"}}}}});
    REQUIRE(edit);
    std::string image = file.bytes;
    carry_out(*edit, image, 512);
    expected["outer"]["b"] = "3";
    CHECK(sound_contents(*Database::open(image)) == expected);
}
