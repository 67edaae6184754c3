#include "core/upstream/live_keys.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <string>

namespace salvor::upstream {
namespace {

TEST_CASE("as many keys are live as a plain set says, whatever the order of puts and deletes") {
    std::mt19937 random(7);
    LiveKeys keys(0);  // so that it grows
    std::set<std::string> plain;
    for (int round = 0; round < 200; ++round) {
        std::vector<KeyChange> changes;
        for (int i = 0; i < 500; ++i) {
            const auto key = "/registry/" + std::to_string(random() % 20000);
            const bool tombstone = random() % 3 == 0;
            changes.push_back(keys.change(key, tombstone));
            if (tombstone) {
                plain.erase(key);
            } else {
                plain.insert(key);
            }
        }
        keys.apply(changes);
        REQUIRE(keys.count() == plain.size());
    }
}

TEST_CASE("keys that differ in their last byte, their length or by zero bytes are different keys") {
    const LiveKeys keys(0);
    const std::string zeros(9, '\0');
    std::set<std::pair<std::uint64_t, std::uint32_t>> marks;
    for (const std::string& key :
         {std::string(), std::string("a"), std::string("b"), std::string("ab"),
          std::string("12345678"), std::string("123456789"), zeros, zeros.substr(1),
          std::string("12345678") + '\0'}) {
        const auto change = keys.change(key, false);
        marks.emplace(change.high, change.low);
    }
    CHECK(marks.size() == 9);
}

TEST_CASE("two sets mark the same key differently, so that no file can be made to collide") {
    const auto high = [] { return LiveKeys(0).change("/registry/pods/a", false).high; };
    CHECK(high() != high());
}

}  // namespace
}  // namespace salvor::upstream
