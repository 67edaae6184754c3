#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/verify/lineage.hpp"
#include "core/verify/verify.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

const fs::path testdata = SALVOR_TESTDATA;

verify::Report verified(const fs::path& path) {
    const auto snapshot = Snapshot::open(path);
    REQUIRE(snapshot);
    return verify::run(*snapshot, {});
}

std::set<std::string> rules_of(const verify::Report& report, Severity severity) {
    std::set<std::string> rules;
    for (const auto& finding : report.findings) {
        if (finding.severity == severity) rules.insert(finding.rule);
    }
    return rules;
}

std::vector<fs::path> sound_sources() {
    std::vector<fs::path> found{testdata / "flawed/damaged/damaged/base.db",
                                testdata / "flawed/damaged/damaged/base-with-freelist.db"};
    for (const auto& entry : fs::recursive_directory_iterator(testdata / "real")) {
        const auto& path = entry.path();
        // Its kube-system is one byte and no object, which is a flaw.
        if (path.parent_path().filename() == "kube-system-late") continue;
        if (path.extension() == ".db") found.push_back(path);
        if (entry.is_directory() && path.filename() == "member")
            found.push_back(path.parent_path());
    }
    return found;
}

using Rules = std::set<std::string>;

/// What its maker broke in it; references.cpp says each with its object.
const Rules broken_in_kube_1_36{
    "owner-absent", "namespace-terminating", "deletion-waits",    "pod-source",
    "claim-lost",   "token-account",         "apiservice-backend"};

/// What the sound ones rightly warn of, by the end of their path.
const std::map<std::string, Rules> warnings{
    {"alarm.db", {"alarm-nospace"}},
    {"alarm-corrupt.db", {"alarm-nospace", "alarm-corrupt"}},
    {"downgrading.db", {"downgrade-enabled"}},
    {"downgraded.db", {"downgrade-enabled"}},  // the row stays until the downgrade is cancelled
    {"member-data", {"wal-tail"}},             // ended by SIGKILL
    {"m1", {"wal-tail"}},
    {"m2", {"wal-tail"}},
    {"m3", {"wal-tail"}},
    {"before.db", broken_in_kube_1_36},
    {"after.db", broken_in_kube_1_36},
    {"member-dir", broken_in_kube_1_36},
    {"snapshot.db", {"owner-absent", "pod-source", "claim-lost", "apiservice-backend"}},
};

nlohmann::json flaws() {
    std::ifstream file(testdata / "flawed/damaged/flaws.json");
    REQUIRE(file);
    return nlohmann::json::parse(file).at("flaws");
}

/// What was overwritten: from each offset on, or the one byte.
bool is_at(const Finding& finding, const nlohmann::json& flaw) {
    const auto named = [&](const char* list, const std::optional<std::uint64_t>& value) {
        const auto& places = flaw.value(list, nlohmann::json::array());
        return value && std::find(places.begin(), places.end(), *value) != places.end();
    };
    return named("pages", finding.place.page) || named("offsets", finding.place.offset);
}

// A value's bit under a recomputed trailer, and a trailer removed: no reader can tell.
const std::set<std::string> untold{"02-bit-in-value-hash-recomputed.db", "04-trailer-removed.db"};
// The trailer alone tells: a value's bit or sector, a free page, the trailer itself; and a zeroed
// tail, whose pages are found behind its offset.
const std::set<std::string> told_by_trailer{"01-bit-in-value.db", "05-trailer-flipped.db",
                                            "30-last-tenth-zero.db", "33-sector-zeroed.db",
                                            "35-free-page-random.db"};

}  // namespace

TEST_CASE("every sound file comes out without an error, and warns only of what is so") {
    for (const auto& path : sound_sources()) {
        INFO(path);
        const auto report = verified(path);
        CHECK(report.backup == verify::BackupVerdict::sound);
        CHECK(rules_of(report, Severity::error) == Rules{});
        const auto expected = warnings.find(path.filename());
        CHECK(rules_of(report, Severity::warning) ==
              (expected == warnings.end() ? Rules{} : expected->second));
    }
}

TEST_CASE("a Kubernetes object that is one byte is a flaw") {
    const auto report = verified(testdata / "real/kube-system-late/snapshot.db");
    CHECK(report.backup == verify::BackupVerdict::flawed);
    CHECK(rules_of(report, Severity::error) == Rules{"object-unreadable"});
}

TEST_CASE("every damaged file is flawed, with a finding where it was damaged") {
    const auto all = flaws();
    CHECK(all.size() == 41);
    for (const auto& flaw : all) {
        const auto name = flaw.at("file").get<std::string>();
        INFO(name);
        const auto report = verified(testdata / "flawed/damaged/damaged" / name);
        if (untold.contains(name)) {
            CHECK(report.backup == verify::BackupVerdict::sound);
            continue;
        }
        CHECK(report.backup == verify::BackupVerdict::flawed);
        const bool at_place =
            std::any_of(report.findings.begin(), report.findings.end(),
                        [&](const Finding& finding) { return is_at(finding, flaw); });
        const bool by_trailer = rules_of(report, Severity::error).contains("trailer-mismatch");
        CHECK((at_place || (told_by_trailer.contains(name) && by_trailer)));
    }
}

TEST_CASE("a zeroed tail is found in its first page that is used") {
    const auto report = verified(testdata / "flawed/damaged/damaged/30-last-tenth-zero.db");
    constexpr std::uint64_t first_zero = 3085517;
    const auto found =
        std::find_if(report.findings.begin(), report.findings.end(),
                     [](const Finding& finding) { return finding.rule == "page-id"; });
    REQUIRE(found != report.findings.end());
    CHECK(found->place.offset.value_or(0) > first_zero);
}

TEST_CASE("the cluster's id that the members give is the one that the server said") {
    for (const auto* line : {"etcd-3.4", "etcd-3.5", "etcd-3.6", "etcd-3.7"}) {
        for (const auto& answers : fs::directory_iterator(testdata / "real" / line / "answers")) {
            std::ifstream file(answers.path() / "endpoint-status.json");
            if (!file) continue;
            INFO(answers.path());
            const auto said = nlohmann::json::parse(file)
                                  .at(0)
                                  .at("Status")
                                  .at("header")
                                  .at("cluster_id")
                                  .get<std::uint64_t>();
            const auto report =
                verified(testdata / "real" / line / (answers.path().filename().string() + ".db"));
            // Before its first member's row is written a member's db says nothing.
            if (report.cluster_id) CHECK(number(*report.cluster_id) == said);
        }
    }
}

TEST_CASE("snapshots of one cluster share their history, and others do not") {
    const auto open = [](const char* path) {
        auto snapshot = Snapshot::open(testdata / path);
        REQUIRE(snapshot);
        REQUIRE(snapshot->database());
        return *std::move(snapshot);
    };
    const auto before = open("real/kube-1.36/before.db"), after = open("real/kube-1.36/after.db");
    const auto rich = open("real/etcd-3.6/rich.db"), compacted = open("real/etcd-3.6/compacted.db");
    CHECK(verify::share_history(*before.database(), *after.database()) == true);
    CHECK(verify::share_history(*after.database(), *before.database()) == true);
    CHECK(verify::share_history(*rich.database(), *compacted.database()) == true);
    CHECK(verify::share_history(*rich.database(), *after.database()) == false);
}
