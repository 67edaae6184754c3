#include "core/timeline/state.hpp"

#include <set>

#include "core/timeline/keyspace.hpp"
#include "formats/text/go_json.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;

namespace {

const std::string from_start(1, '\0');

std::string base64(Bytes bytes) {
    std::string quoted;
    text::append_go_bytes(quoted, bytes);
    return quoted.substr(1, quoted.size() - 2);
}

/// 0 where the member is absent, as Go leaves out zeros.
std::int64_t number_in(const nlohmann::json& kv, const char* field) {
    return kv.value(field, std::int64_t{0});
}

void check_equal(const timeline::State& state, const nlohmann::json& dump) {
    const auto kvs = dump.value("kvs", nlohmann::json::array());
    REQUIRE(state.size() == kvs.size());
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto kv = state[i];
        REQUIRE(base64(kv.key) == kvs[i].at("key").get<std::string>());
        REQUIRE(base64(kv.value) == kvs[i].value("value", ""));
        REQUIRE(kv.create_revision == number_in(kvs[i], "create_revision"));
        REQUIRE(kv.mod_revision == number_in(kvs[i], "mod_revision"));
        REQUIRE(kv.version == number_in(kvs[i], "version"));
        REQUIRE(kv.lease == number_in(kvs[i], "lease"));
    }
}

}  // namespace

TEST_CASE(
    "the state at the head of every raw snapshot is what its live server dumped, in its order") {
    std::size_t dumps = 0;
    for (const auto& [line, name] : raw_snapshots()) {
        const auto path = line + "/answers/" + name + "/dump-head.json";
        if (!std::filesystem::exists(SALVOR_TESTDATA "/real/" + path)) continue;
        INFO(path);
        const auto snapshot = open_real(line + "/" + name + ".db");
        const auto state = timeline::range(*snapshot.database(), {from_start, from_start, 0});
        REQUIRE(state);
        check_equal(*state, real_answer(path));
        ++dumps;
    }
    CHECK(dumps == 13);
}

TEST_CASE("a selection is one key, a half-open range, or all from a key upward") {
    const auto snapshot = open_real("etcd-3.6/rich.db");
    const auto& db = *snapshot.database();
    const auto all = timeline::range(db, {from_start, from_start, 0});
    REQUIRE(all);
    REQUIRE(all->size() > 20);
    const std::string third((*all)[2].key), tenth((*all)[9].key);

    const auto one = timeline::range(db, {third, std::nullopt, 0});
    REQUIRE(one->size() == 1);
    CHECK((*one)[0].key == third);
    CHECK(timeline::range(db, {third, tenth, 0})->size() == 7);
    CHECK(timeline::range(db, {tenth, third, 0})->size() == 0);
    CHECK(timeline::range(db, {third, from_start, 0})->size() == all->size() - 2);
    CHECK(timeline::range(db, {"no such key", std::nullopt, 0})->size() == 0);
}

TEST_CASE("a deleted key is there before its tombstone's revision and gone at it") {
    const auto snapshot = open_real("etcd-3.6/rich.db");
    const auto& db = *snapshot.database();
    const auto revisions = real_answer("etcd-3.6/answers/rich/revisions.json");
    const auto at = revisions.at("range_delete_of_4_keys").get<std::int64_t>();
    const auto before = timeline::range(db, {from_start, from_start, at - 1});
    const auto after = timeline::range(db, {from_start, from_start, at});
    REQUIRE(before);
    REQUIRE(after);
    CHECK(before->size() == after->size() + 4);
    CHECK(before->revision() == at - 1);
}

TEST_CASE("a state refuses revisions that a server does not have, in etcd's words") {
    const auto snapshot = open_real("etcd-3.6/compacted.db");
    const auto& db = *snapshot.database();
    const auto bounds = timeline::bounds(db);
    CHECK(timeline::range(db, {"", from_start, bounds->compacted}));
    const auto below = timeline::range(db, {"", from_start, bounds->compacted - 1});
    REQUIRE(!below);
    CHECK(below.error().message == "mvcc: required revision has been compacted");
    const auto beyond = timeline::range(db, {"", from_start, bounds->current + 1});
    REQUIRE(!beyond);
    CHECK(beyond.error().message == "mvcc: required revision is a future revision");
}

TEST_CASE("the keys attached to leases are those that the live servers named") {
    for (const auto* name : {"etcd-3.4/rich", "etcd-3.5/rich", "etcd-3.6/rich", "etcd-3.7/rich"}) {
        const std::string path = name;
        const auto slash = path.find('/');
        const auto answers =
            real_answer(path.substr(0, slash) + "/answers" + path.substr(slash) + "/leases.json");
        std::set<std::pair<std::int64_t, std::string>> expected, found;
        for (const auto& [id, lease] : answers.at("timetolive_with_keys").items()) {
            for (const auto& key :
                 lease.at("keys").is_null() ? nlohmann::json::array() : lease.at("keys")) {
                expected.emplace(std::stoll(id), key.get<std::string>());
            }
        }
        const auto snapshot = open_real(path + ".db");
        const auto attached = timeline::attachments(*snapshot.database());
        REQUIRE(attached);
        for (const auto& [lease, key] : *attached) found.emplace(lease, base64(key));
        CHECK(found == expected);
        CHECK(found.size() == attached->size());
        CHECK(found.size() > 10);
    }
}
