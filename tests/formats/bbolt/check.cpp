#include "formats/bbolt/check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "formats/base/mapped_file.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

const fs::path testdata = SALVOR_TESTDATA;

std::vector<fs::path> real_databases() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(testdata / "real")) {
        const auto& path = entry.path();
        if (entry.is_regular_file() && (path.extension() == ".db" || path.filename() == "db"))
            found.push_back(path);
    }
    return found;
}

struct Outcome {
    std::vector<Problem> problems;
    bbolt::Structure structure;
    std::uint64_t leaves = 0;
};

Outcome check_file(const fs::path& path) {
    const auto file = MappedFile::open(path);
    REQUIRE(file);
    const auto db = bbolt::Database::open(file->bytes());
    REQUIRE(db);
    Outcome outcome;
    outcome.structure = bbolt::check(
        *db, [&](Problem p) { outcome.problems.push_back(std::move(p)); },
        [&](const bbolt::CheckedLeaf&) { ++outcome.leaves; });
    return outcome;
}

/// The number behind `label` in what `bbolt stats` printed.
std::uint64_t stat(const std::string& text, const std::string& label) {
    const auto at = text.find(label + ": ");
    REQUIRE(at != std::string::npos);
    return std::stoull(text.substr(at + label.size() + 2));
}

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("no real file has a problem, and its pages add up") {
    const auto files = real_databases();
    REQUIRE(files.size() > 15);
    for (const auto& path : files) {
        INFO(path);
        const auto outcome = check_file(path);
        for (const auto& problem : outcome.problems)
            FAIL_CHECK(problem.check << ": " << problem.message);
        const auto& pages = outcome.structure.pages;
        CHECK(outcome.structure.complete);
        CHECK(pages.meta + pages.branch + pages.leaf + pages.freelist + pages.free + pages.leaked ==
              outcome.structure.reached.bound());
    }
}

TEST_CASE("the shape of each real file is the one that bbolt stats prints") {
    std::size_t compared = 0;
    for (const auto& path : real_databases()) {
        const auto answers = path.parent_path() / "answers" / path.stem() / "bbolt-stats.txt";
        if (!fs::exists(answers)) continue;
        INFO(path);
        ++compared;
        const auto text = read(answers);
        const auto outcome = check_file(path);
        bbolt::BucketShape sum;
        std::uint64_t inlined = 0, inlined_bytes = 0;
        for (const auto& shape : outcome.structure.buckets) {
            if (shape.name.empty()) continue;
            sum.branch_pages += shape.branch_pages;
            sum.branch_overflow += shape.branch_overflow;
            sum.leaf_pages += shape.leaf_pages;
            sum.leaf_overflow += shape.leaf_overflow;
            sum.entries += shape.entries;
            sum.branch_bytes += shape.branch_bytes;
            sum.depth = std::max(sum.depth, shape.depth);
            if (shape.is_inline) {
                ++inlined;
                inlined_bytes += shape.leaf_bytes;
            } else {
                sum.leaf_bytes += shape.leaf_bytes;
            }
        }
        CHECK(sum.branch_pages == stat(text, "Number of logical branch pages"));
        CHECK(sum.branch_overflow == stat(text, "Number of physical branch overflow pages"));
        CHECK(sum.leaf_pages == stat(text, "Number of logical leaf pages"));
        CHECK(sum.leaf_overflow == stat(text, "Number of physical leaf overflow pages"));
        CHECK(sum.entries == stat(text, "Number of keys/value pairs"));
        CHECK(sum.depth == stat(text, "Number of levels in B+tree"));
        CHECK(sum.branch_bytes == stat(text, "Bytes actually used for branch data"));
        CHECK(sum.leaf_bytes == stat(text, "Bytes actually used for leaf data"));
        CHECK(outcome.structure.bucket_count - 1 == stat(text, "Total number of buckets"));
        CHECK(inlined == stat(text, "Total number on inlined buckets"));
        CHECK(inlined_bytes == stat(text, "Bytes used for inlined buckets"));
        CHECK(outcome.leaves == sum.leaf_pages + inlined + outcome.structure.buckets[0].leaf_pages);
    }
    CHECK(compared > 5);
}

TEST_CASE("each structural flaw of the damaged files is told at the place where it was made") {
    // What the structure cannot show: values, the trailer, free pages, and no meta at all.
    const std::set<std::string> elsewhere{"01", "02", "04", "05", "12", "13", "33", "35", "38"};
    const auto flaws = nlohmann::json::parse(read(testdata / "flawed/damaged/flaws.json"));
    REQUIRE(flaws["flaws"].size() == 41);
    for (const auto& flaw : flaws["flaws"]) {
        const std::string name = flaw["file"];
        if (elsewhere.contains(name.substr(0, 2))) continue;
        INFO(name << ": " << flaw["done"].dump());
        const auto outcome = check_file(testdata / "flawed/damaged/damaged" / name);
        bool found = false;
        for (const auto& problem : outcome.problems) {
            UNSCOPED_INFO(problem.check << ": " << problem.message);
            for (const auto& page : flaw["pages"])
                found |= problem.place.page == page.get<std::uint64_t>();
            for (const auto& at : flaw["offsets"])
                found |= problem.place.offset == at.get<std::uint64_t>();
            if (name.starts_with("30"))
                found |= problem.place.offset >= flaw["offsets"][0].get<std::uint64_t>();
        }
        CHECK(found);
    }
}

TEST_CASE("a problem names a check of the table") {
    std::set<std::string> known;
    for (const auto& row : bbolt::checks) CHECK(known.insert(row.id).second);
    for (const auto& entry : fs::directory_iterator(testdata / "flawed/damaged/damaged")) {
        const auto file = MappedFile::open(entry.path());
        REQUIRE(file);
        const auto db = bbolt::Database::open(file->bytes());
        if (!db) continue;
        bbolt::check(*db, [&](const Problem& problem) { CHECK(known.contains(problem.check)); });
    }
}
