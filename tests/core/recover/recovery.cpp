#include "core/recover/recovery.hpp"

#include <catch2/catch.hpp>

#include "formats/bbolt/database.hpp"
#include "formats/bbolt/writer.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/stray_row.hpp"

using namespace salvor;
using namespace salvor::recover;

namespace {

constexpr std::size_t page_size = 4096;

std::string row_key(std::int64_t main) {
    const auto key = etcd::encode_revision({main, 0});
    return {key.data(), key.size()};
}

std::string row_value(std::int64_t main) {
    const auto key = "key-" + std::to_string(main);
    const std::string value(300, static_cast<char>('a' + main % 26));
    return etcd::encode_key_value({key, main, main, 1, value, 0});
}

/// A database of rows 2 to `last`, each of a key of its own.
std::string database(std::int64_t last) {
    std::string image;
    bbolt::DenseWriter writer(
        [&](std::uint64_t offset, Bytes bytes) -> Result<void> {
            image.resize(std::max<std::size_t>(image.size(), offset + bytes.size()));
            image.replace(offset, bytes.size(), bytes);
            return {};
        },
        page_size);
    REQUIRE(writer.begin_bucket("key").has_value());
    for (std::int64_t main = 2; main <= last; ++main)
        REQUIRE(writer.put(row_key(main), row_value(main)).has_value());
    REQUIRE(writer.begin_bucket("meta").has_value());
    REQUIRE(writer.put("consistent_index", etcd::encode_u64(100)).has_value());
    REQUIRE(writer.finish(bbolt::TxId{5}).has_value());
    return image;
}

std::uint64_t rows_of(const std::string& image) {
    const auto recovery = Recovery::run(image);
    REQUIRE(recovery.has_value());
    CHECK((*recovery)->outcome().account.sum() == image.size());
    return (*recovery)->outcome().rows;
}

}  // namespace

TEST_CASE("a sound database is given back whole") {
    const auto image = database(500);
    const auto recovery = Recovery::run(image);
    REQUIRE(recovery.has_value());
    const auto& said = (*recovery)->outcome();
    CHECK(said.rows == 499);
    CHECK(said.is_whole());
    CHECK(said.account.lost == 0);
    CHECK(said.account.sum() == image.size());
}

TEST_CASE("without metas, and with other bytes before it, every row is found") {
    auto image = database(500);
    image.replace(0, 2 * page_size, 2 * page_size, '\0');
    CHECK(rows_of(image) == 499);
    CHECK(rows_of(std::string(512 * 3, 'x') + image) == 499);
    const auto later = Recovery::run(image);
    CHECK_FALSE((*later)->outcome().is_whole());
}

TEST_CASE("a row of which a sector was zeroed is lost, and its key is named") {
    auto image = database(500);
    const auto at = image.find(row_key(250));
    const auto sector = (at + 100 + 511) / 512 * 512;
    image.replace(sector, 512, 512, '\0');
    const auto recovery = Recovery::run(image);
    REQUIRE(recovery.has_value());
    const auto& said = (*recovery)->outcome();
    CHECK_FALSE(said.is_whole());
    REQUIRE_FALSE(said.losses.empty());
    CHECK(said.rows < 499);
    CHECK(said.rows >= 496);
    (*recovery)->for_each_row(
        [&](const FoundRow& row) { CHECK(row.value(image) == row_value(row.revision.main)); });
}

TEST_CASE("a row is told by its own form, with nothing around it") {
    const auto whole = "noise" + row_key(77) + row_value(77) + "noise";
    std::size_t found = 0;
    etcd::find_stray_rows(whole, [&](const etcd::StrayRow& row) {
        ++found;
        CHECK(row.whole);
        CHECK(row.row_key.revision.main == 77);
        CHECK(row.user_key == "key-77");
        CHECK(whole.substr(row.value_at, row.value_size) == row_value(77));
    });
    CHECK(found == 1);
}

TEST_CASE("a row that was cut does not take those behind it with it") {
    const auto cut = row_key(5) + row_value(5);
    const auto bytes = cut.substr(0, cut.size() / 2) + row_key(76) + row_value(76) + row_key(77) +
                       row_value(77) + row_key(78) + row_value(78);
    std::vector<std::int64_t> whole;
    etcd::find_stray_rows(bytes, [&](const etcd::StrayRow& row) {
        if (row.whole) whole.push_back(row.row_key.revision.main);
    });
    CHECK(whole == std::vector<std::int64_t>{76, 77, 78});
}

TEST_CASE("rows within a stored value are no rows") {
    etcd::KeyValue kv;
    const auto inner = row_key(3) + row_value(3) + row_key(4) + row_value(4);
    kv.key = "key-80";
    kv.value = inner;
    kv.create_revision = kv.mod_revision = 80;
    kv.version = 1;
    const auto bytes = row_key(80) + etcd::encode_key_value(kv) + row_key(81) + row_value(81);
    std::vector<std::int64_t> whole;
    etcd::find_stray_rows(bytes, [&](const etcd::StrayRow& row) {
        if (row.whole) whole.push_back(row.row_key.revision.main);
    });
    CHECK(whole == std::vector<std::int64_t>{80, 81});
}

TEST_CASE("a row behind which no other begins may have lost a field") {
    const auto row = row_key(77) + row_value(77);
    CHECK(etcd::stray_row_at(row, 0)->ended);
    CHECK(etcd::stray_row_at(row + row_key(78), 0)->ended);
    CHECK_FALSE(etcd::stray_row_at(row + "\x31\x07", 0)->ended);
}

TEST_CASE("a row whose end is missing is not whole") {
    const auto whole = row_key(77) + row_value(77);
    const auto row = etcd::stray_row_at(Bytes(whole).substr(0, whole.size() - 10), 0);
    REQUIRE(row.has_value());
    CHECK_FALSE(row->whole);
    CHECK(row->user_key == "key-77");
}

TEST_CASE("bytes without any page are refused") {
    CHECK_FALSE(Recovery::run(std::string(100000, '\0')).has_value());
    CHECK_FALSE(Recovery::run({}).has_value());
}
