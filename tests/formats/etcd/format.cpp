#include <catch2/catch.hpp>
#include <sstream>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"
#include "tests/temporary_directory.hpp"

using namespace salvor;
using namespace salvor::etcd;

namespace {

std::string bytes_of(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

struct PaperRow {
    std::string bucket, key, value;
};

/// The rows of the worked example: bucket, key and value a line.
std::vector<PaperRow> paper_rows() {
    const auto paper = content_of(SALVOR_TESTDATA "/../../formats/etcd/FORMAT.md");
    const auto begin = paper.find("```\n", paper.find("## Worked example")) + 4;
    std::istringstream block(paper.substr(begin, paper.find("```", begin) - begin));
    std::vector<PaperRow> rows;
    for (std::string line; std::getline(block, line);) {
        std::istringstream words(line);
        PaperRow row;
        words >> row.bucket >> row.key >> row.value;
        rows.push_back({row.bucket, bytes_of(row.key), bytes_of(row.value)});
    }
    REQUIRE(rows.size() == 11);
    return rows;
}

}  // namespace

TEST_CASE("the rows of FORMAT.md's worked example stand in the real file that it names") {
    const auto file = MappedFile::open(SALVOR_TESTDATA "/real/etcd-3.7/downgrading.db");
    const auto db = bbolt::Database::open(file->bytes());
    REQUIRE(db);
    for (const auto& row : paper_rows()) {
        if (row.bucket == "alarm") continue;  // of another file
        INFO(row.bucket);
        const auto bucket = db->bucket(row.bucket);
        REQUIRE(bucket->has_value());
        const auto value = db->get(**bucket, row.key);
        REQUIRE(value->has_value());
        CHECK(**value == row.value);
    }
}

TEST_CASE("the rows of FORMAT.md's worked example read as the paper says") {
    const auto rows = paper_rows();
    const auto alice = parse_user(rows[0].value);
    CHECK(alice->name == "alice");
    CHECK(alice->password.size() == 60);
    CHECK(alice->roles == std::vector<std::string>{"reader", "writer"});
    const auto reader = parse_role(rows[1].value);
    REQUIRE(reader->permissions.size() == 2);
    CHECK(reader->permissions[0].type == PermissionType::read);
    CHECK(reader->permissions[0].key == "/etcd/app/");
    CHECK(reader->permissions[0].range_end == "/etcd/app0");
    CHECK(reader->permissions[1].key == "single-key");
    CHECK(parse_downgrade(rows[2].value)->target_version == "3.6.0");

    CHECK(parse_row_key(rows[3].key)->revision == Revision{1139, 0});
    const auto kv = parse_key_value(rows[3].value);
    CHECK(kv->key == "etcd/lease/negative");
    CHECK(kv->create_revision == 1139);
    CHECK(kv->mod_revision == 1139);
    CHECK(kv->version == 1);
    CHECK(kv->value == "negative lease id");
    CHECK(kv->lease == -104);
    CHECK(parse_row_key(rows[4].key)->revision == Revision{1151, 0});
    CHECK(parse_row_key(rows[4].key)->tombstone);
    CHECK(parse_key_value(rows[4].value)->key == "etcd/revoked/0");

    CHECK(parse_lease_key(rows[5].key) == -104);
    CHECK(parse_lease(rows[5].value)->ttl == 1'440'000);
    CHECK(parse_member(rows[6].value)->is_learner);
    CHECK(parse_conf_state(rows[7].value)->voters.size() == 1);
    CHECK(parse_conf_state(rows[7].value)->learners.size() == 1);
    CHECK(parse_u64(rows[8].value) == 1392);
    CHECK(parse_revision(rows[9].value)->main == 1053);
    CHECK(to_string(parse_alarm(rows[10].key)->member) == "5df581aee2b86610");
    CHECK(parse_alarm(rows[10].key)->type == AlarmType::nospace);
}
