#include "core/preflight/chapter.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "core/verify/verify.hpp"

using namespace salvor;
using preflight::Chapter;

TEST_CASE("each chapter of the page before a restore has rules, of the cluster alone") {
    std::map<Chapter, int> rules;
    for (const auto& rule : verify::rules()) {
        const auto chapter = preflight::chapter_of(rule.id);
        INFO(rule.id);
        ++rules[chapter];
        if (chapter != Chapter::kept) CHECK(rule.about == Subject::cluster);
    }
    CHECK(rules.size() == 7);
    int placed = 0;
    for (const auto& [chapter, count] : rules) placed += chapter == Chapter::kept ? 0 : count;
    CHECK(placed == 53);  // all rows of its table are rules
}
