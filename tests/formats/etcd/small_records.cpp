#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"

using namespace salvor;
using namespace salvor::etcd;

namespace {

std::string bytes_of(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

struct StoredRow {
    std::string key, value;
};

/// The rows of a bucket as the maker of the test data listed them with bbolt's own tool.
std::vector<StoredRow> rows(const std::string& answers, const std::string& bucket) {
    std::ifstream file(SALVOR_TESTDATA "/real/" + answers + "/small-buckets.json");
    REQUIRE(file);
    std::vector<StoredRow> rows;
    const auto all = nlohmann::json::parse(file);
    for (const auto& row : all.at(bucket)) {
        rows.push_back({bytes_of(row.at("key_hex")), bytes_of(row.at("value_hex"))});
    }
    return rows;
}

const char* const rich[] = {"etcd-3.4/answers/rich", "etcd-3.5/answers/rich",
                            "etcd-3.6/answers/rich", "etcd-3.7/answers/rich"};

}  // namespace

TEST_CASE("leases of every line decode, name their key's id, and encode to the stored bytes") {
    for (const auto* answers : rich) {
        const auto stored = rows(answers, "lease");
        REQUIRE(stored.size() > 3);
        bool negative = false;
        for (const auto& row : stored) {
            const auto lease = parse_lease(row.value);
            REQUIRE(lease);
            CHECK(parse_lease_key(row.key) == lease->id);
            CHECK(lease->ttl > 0);
            CHECK(encode_lease(*lease) == row.value);
            negative = negative || lease->id < 0;
        }
        CHECK(negative);
    }
    CHECK(!parse_lease("\x08"));
    CHECK(!parse_lease_key("1234567"));
}

TEST_CASE("users and roles of every line decode to what the servers answered") {
    for (const auto* answers : rich) {
        for (const auto& row : rows(answers, "authUsers")) {
            const auto user = parse_user(row.value);
            REQUIRE(user);
            CHECK(user->name == row.key);
            CHECK(user->no_password == (user->name == "svc-nopass"));
            CHECK(user->password.empty() == user->no_password);
            if (user->name == "alice")
                CHECK(user->roles == std::vector<std::string>{"reader", "writer"});
        }
        for (const auto& row : rows(answers, "authRoles")) {
            const auto role = parse_role(row.value);
            REQUIRE(role);
            CHECK(role->name == row.key);
            if (role->name == "writer") {
                REQUIRE(role->permissions.size() == 3);
                CHECK(std::string("WRITE") == name(role->permissions[0].type));
                CHECK(std::string("READWRITE") == name(role->permissions[1].type));
                CHECK(role->permissions[1].range_end.ends_with("txn0"));
                CHECK(role->permissions[2].key == Bytes("\xff\0bin", 5));
            }
        }
    }
    CHECK(
        !parse_user("\x0a\x05"
                    "abc"));
    CHECK(!parse_role("\x12\x02\x08"));
}

TEST_CASE("an alarm is its key") {
    const auto nospace = rows("etcd-3.4/answers/alarm", "alarm");
    REQUIRE(nospace.size() == 1);
    const auto alarm = parse_alarm(nospace[0].key);
    REQUIRE(alarm);
    CHECK(std::string("NOSPACE") == name(alarm->type));
    CHECK(number(alarm->member) != 0);
    const auto both = rows("etcd-3.4/answers/alarm-corrupt", "alarm");
    REQUIRE(both.size() == 2);
    CHECK(parse_alarm(both[0].key)->type == AlarmType::nospace);
    const auto corrupt = parse_alarm(both[1].key);
    REQUIRE(corrupt);
    CHECK(corrupt->type == AlarmType::corrupt);
    CHECK(!parse_alarm("\x08"));
}

TEST_CASE("members of every line decode, name their key's id, and encode to the stored bytes") {
    for (const auto* answers : rich) {
        for (const auto& row : rows(answers, "members")) {
            const auto member = parse_member(row.value);
            REQUIRE(member);
            CHECK(to_string(member->id) == row.key);
            CHECK(encode_member(*member) == row.value);
        }
        for (const auto& row : rows(answers, "members_removed")) CHECK(row.value == removed_mark);
    }
}

TEST_CASE("the meta and cluster rows of every line decode and encode to the stored bytes") {
    std::size_t conf_states = 0, downgrades = 0;
    for (const auto* answers : {"etcd-3.4/answers/rich", "etcd-3.5/answers/rich",
                                "etcd-3.6/answers/downgrading", "etcd-3.7/answers/downgrading"}) {
        for (const auto& row : rows(answers, "meta")) {
            if (row.key == meta_keys::conf_state) {
                const auto state = parse_conf_state(row.value);
                REQUIRE(state);
                CHECK(state->voters.size() == 1);
                CHECK(encode_conf_state(*state) == row.value);
                ++conf_states;
            } else if (row.key == meta_keys::consistent_index || row.key == meta_keys::term) {
                const auto value = parse_u64(row.value);
                REQUIRE(value);
                CHECK(*value > 0);
                CHECK(encode_u64(*value) == row.value);
            } else if (row.key == meta_keys::finished_compact ||
                       row.key == meta_keys::scheduled_compact) {
                const auto revision = parse_revision(row.value);
                REQUIRE(revision);
                const auto encoded = encode_revision(*revision);
                CHECK(Bytes(encoded.data(), encoded.size()) == row.value);
            }
        }
        for (const auto& row : rows(answers, "cluster")) {
            if (row.key != cluster_keys::downgrade) continue;
            const auto downgrade = parse_downgrade(row.value);
            REQUIRE(downgrade);
            CHECK(encode_downgrade(*downgrade) == row.value);
            ++downgrades;
        }
    }
    CHECK(conf_states == 3);
    CHECK(downgrades == 2);
}

TEST_CASE("a conf state in the midst of a change keeps all its lists") {
    const Bytes json =
        R"({"voters":[1,18446744073709551615],"learners":[2],"voters_outgoing":[3],"learners_next":[4],"auto_leave":true})";
    const auto state = parse_conf_state(json);
    REQUIRE(state);
    CHECK(number(state->voters[1]) == 18446744073709551615U);
    CHECK(encode_conf_state(*state) == json);
    CHECK(encode_conf_state({}) == R"({"auto_leave":false})");
    CHECK(!parse_conf_state(R"({"voters":[-1]})"));
    CHECK(!parse_downgrade("{"));
}

TEST_CASE("numbers and revisions of another length are refused") {
    CHECK(!parse_u64("1234567"));
    CHECK(!parse_u64("123456789"));
    CHECK(!parse_revision(""));
    CHECK(!parse_revision(bytes_of("00000000000000055f000000000000000074")));
    CHECK(parse_revision(bytes_of("00000000000000055f0000000000000000"))->main == 5);
}
