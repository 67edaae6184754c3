#include "core/timeline/stretches.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace salvor::timeline;

namespace {

std::string told(const std::vector<Span>& spans) {
    std::string words;
    for (const auto& one : stretches(spans)) {
        words += std::to_string(one.span) + (one.is_whole ? ":" : "?") + std::to_string(one.from) +
                 "-" + std::to_string(one.to) + " ";
    }
    return words;
}

}  // namespace

TEST_CASE("one file tells what is behind its compaction") {
    CHECK(told({{0, 50}}) == "0:0-50 ");
    CHECK(told({{20, 50}}) == "0?0-20 0:20-50 ");
}

TEST_CASE("of two files each revision is told once") {
    CHECK(told({{0, 50}, {40, 90}}) == "0:0-50 1:50-90 ");
    CHECK(told({{40, 90}, {0, 50}}) == "1:0-50 0:50-90 ");
    CHECK(told({{10, 20}, {5, 100}}) == "1?0-5 1:5-100 ");
    CHECK(told({{0, 50}, {0, 50}}) == "0:0-50 ");
}

TEST_CASE("what compaction took between two files is a stretch of its own") {
    CHECK(told({{0, 50}, {70, 90}}) == "0:0-50 1?50-70 1:70-90 ");
    CHECK(told({{0, 50}, {80, 95}, {70, 90}}) == "0:0-50 2?50-70 2:70-90 1:90-95 ");
}

TEST_CASE("no file tells nothing") {
    CHECK(told({}).empty());
}
