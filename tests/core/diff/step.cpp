#include "core/diff/step.hpp"

#include <catch2/catch.hpp>

#include "formats/bbolt/writer.hpp"

using namespace salvor;
using namespace salvor::diff;

namespace {

etcd::KeyValue state(Bytes key, std::int64_t create, std::int64_t mod, std::int64_t version) {
    return {key, create, mod, version, "v", 0};
}

/// A database that keeps these, ascending.
std::string database(const std::vector<etcd::KeyValue>& rows) {
    std::string image;
    bbolt::DenseWriter writer(
        [&](std::uint64_t offset, Bytes bytes) -> Result<void> {
            image.resize(std::max<std::size_t>(image.size(), offset + bytes.size()));
            image.replace(offset, bytes.size(), bytes);
            return {};
        },
        4096);
    REQUIRE(writer.begin_bucket("key").has_value());
    for (const auto& row : rows) {
        const auto key = etcd::encode_revision({row.mod_revision, 0});
        REQUIRE(writer.put({key.data(), key.size()}, etcd::encode_key_value(row)).has_value());
    }
    REQUIRE(writer.finish(bbolt::TxId{5}).has_value());
    return image;
}

timeline::Carved put(const etcd::KeyValue& kv, bool whole = true) {
    return {{{kv.mod_revision, 0}, false}, kv, 7, whole ? "whole" : "cut", whole};
}
timeline::Carved deletion(Bytes key, std::int64_t main) {
    return {{{main, 0}, true}, {key, 0, main, 0, {}, 0}, 7, "whole", true};
}

/// "12 created; 14 updated ?": `~N`: net behind N, `?`: from a state that is not known, `c`:
/// carved.
std::string told(const std::vector<etcd::KeyValue>& kept,
                 const std::vector<timeline::Carved>& carved,
                 const std::vector<etcd::KeyValue>& older = {}) {
    const auto image = database(kept), before = database(older);
    const auto newer_db = bbolt::Database::open(image), older_db = bbolt::Database::open(before);
    REQUIRE(newer_db.has_value());
    REQUIRE(older_db.has_value());
    const std::int64_t from = older.empty() ? 0 : older.back().mod_revision;
    const Dark dark{older.empty() ? nullptr : &*older_db, *newer_db, from, 50};
    const auto steps = carved_steps(dark, carved, [](Bytes) { return true; });
    REQUIRE(steps.has_value());
    std::string words;
    for (const auto& step : *steps) {
        words += (words.empty() ? "" : "; ") + std::to_string(step.revision);
        words += step.now ? step.is_update ? " updated" : " created" : " deleted";
        if (step.net_after) words += " ~" + std::to_string(*step.net_after);
        if (step.is_update && !(step.before && step.before_read)) words += " ?";
        if (step.carved) words += " c";
    }
    return words;
}

}  // namespace

TEST_CASE("carved states lead to the one that is kept") {
    CHECK(told({state("k", 10, 14, 3), state("other", 50, 50, 1)},
               {put(state("k", 10, 10, 1)), put(state("k", 10, 12, 2))}) ==
          "10 created c; 12 updated c; 14 updated");
}

TEST_CASE("where writes are missing between two states the change is a net one") {
    CHECK(told({state("k", 10, 30, 9), state("other", 50, 50, 1)}, {put(state("k", 10, 12, 2))}) ==
          "12 updated ? c; 30 updated ~12");
}

TEST_CASE("a deletion is carved, or told by what comes behind it") {
    const std::vector<etcd::KeyValue> other{state("other", 50, 50, 1)};
    const auto first = put(state("k", 10, 10, 1));
    CHECK(told(other, {first, deletion("k", 20)}) == "10 created c; 20 deleted c");
    CHECK(told(other, {first}) == "10 created c; 50 deleted ~10");
    CHECK(told(other, {deletion("k", 20)}) == "20 deleted c");
    CHECK(told({state("k", 40, 44, 2), state("other", 50, 50, 1)}, {first}) ==
          "10 created c; 40 deleted ~10; 44 updated ?");
}

TEST_CASE("what is cut is no state to compare the next one with") {
    CHECK(told({state("k", 10, 14, 3), state("other", 50, 50, 1)},
               {put(state("k", 10, 10, 1)), put(state("k", 10, 12, 2), false)}) ==
          "10 created c; 12 updated c; 14 updated ~10");
    CHECK(told({state("k", 10, 14, 2), state("other", 50, 50, 1)},
               {put(state("k", 10, 10, 1), false)}) == "10 created c; 14 updated ?");
}

TEST_CASE("an older file's state comes before what is carved behind it") {
    CHECK(told({state("k", 3, 30, 4), state("other", 50, 50, 1)}, {put(state("k", 3, 20, 3))},
               {state("k", 3, 5, 2)}) == "20 updated c; 30 updated");
    CHECK(told({state("other", 50, 50, 1)}, {put(state("k", 3, 20, 6))}, {state("k", 3, 5, 2)}) ==
          "20 updated ~5 c; 50 deleted ~20");
}
