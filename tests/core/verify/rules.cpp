#include "core/verify/rules.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

#include "formats/bbolt/check.hpp"

using namespace salvor;

namespace {

std::string verify_md() {
    std::ifstream file(SALVOR_SOURCE "/core/verify/verify.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

bool is_kebab(std::string_view id) {
    return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == id.npos &&
           id.front() != '-' && id.back() != '-';
}

}  // namespace

TEST_CASE(
    "each rule has an id of its own, in small letters, digits and hyphens, and says what to do") {
    std::set<std::string_view> ids;
    for (const auto& rule : verify::rules()) {
        INFO(rule.id);
        CHECK(ids.insert(rule.id).second);
        CHECK(is_kebab(rule.id));
        CHECK(std::string_view(rule.what).size() > 10);
        CHECK(std::string_view(rule.remedy).size() > 10);
    }
    CHECK(ids.size() > 70);
}

TEST_CASE("each check of bbolt's structure has a rule") {
    for (const auto& check : bbolt::checks) {
        if (std::string_view(check.id) == "high-water") continue;  // file-cut-short
        INFO(check.id);
        CHECK(verify::find_rule(check.id) != nullptr);
    }
}

TEST_CASE("verify.md has the table of rules to the letter") {
    const auto page = verify_md();
    REQUIRE(!page.empty());
    std::size_t rows = 0;
    for (const auto& rule : verify::rules()) {
        const auto row =
            fmt::format("| `{}` | {} | {} |\n", rule.id, name(rule.severity), rule.what);
        INFO(row);
        CHECK(page.find(row) != page.npos);
    }
    for (auto at = page.find("\n| `"); at != page.npos; at = page.find("\n| `", at + 1)) ++rows;
    CHECK(rows == verify::rules().size());
}
