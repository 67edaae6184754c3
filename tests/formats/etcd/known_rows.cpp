#include "formats/etcd/known_rows.hpp"

#include <catch2/catch.hpp>

#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/tree.hpp"

using namespace salvor;

TEST_CASE("every row of every line's snapshot is known") {
    for (const auto* name : {"etcd-3.4/rich.db", "etcd-3.5/rich.db", "etcd-3.6/downgrading.db",
                             "etcd-3.7/downgrading.db", "etcd-3.4/alarm-corrupt.db"}) {
        const auto file = MappedFile::open(std::string(SALVOR_TESTDATA "/real/") + name);
        const auto db = bbolt::Database::open(file->bytes());
        std::size_t rows = 0;
        const auto buckets = db->buckets();
        for (const auto& [bucket_name, bucket] : *buckets) {
            REQUIRE(etcd::is_known_bucket(bucket_name));
            bbolt::Leaves leaves(*db, bucket);
            for (auto leaf = leaves.next(); leaf && *leaf; leaf = leaves.next()) {
                for (std::size_t i = 0; i < (*leaf)->count(); ++i, ++rows) {
                    REQUIRE(etcd::is_known_row(bucket_name, (*leaf)->leaf(i).key));
                }
            }
        }
        CHECK(rows > 100);
    }
}

TEST_CASE("rows that no line writes are not known") {
    CHECK_FALSE(etcd::is_known_bucket("keys"));
    CHECK_FALSE(etcd::is_known_row("keys", "a"));
    CHECK_FALSE(etcd::is_known_row("meta", "storageversion"));
    CHECK_FALSE(etcd::is_known_row("meta", "authEnabled"));
    CHECK_FALSE(etcd::is_known_row("auth", "authRevision2"));
    CHECK_FALSE(etcd::is_known_row("cluster", ""));
    CHECK_FALSE(etcd::is_known_row("lease", "short"));
    CHECK_FALSE(etcd::is_known_row("members", "8e9e05c52164694dx"));
    CHECK_FALSE(etcd::is_known_row("key", "12345678_12345678u"));
}
