#include "formats/bbolt/database.hpp"

#include <catch2/catch.hpp>

#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

using namespace salvor;

TEST_CASE("a real snapshot's buckets are etcd's ten, in order") {
    const auto file = MappedFile::open(SALVOR_TESTDATA "/real/etcd-3.6/rich.db");
    REQUIRE(file);
    const auto db = bbolt::Database::open(file->bytes());
    REQUIRE(db);
    const auto buckets = db->buckets();
    REQUIRE(buckets);
    REQUIRE(buckets->size() == etcd::buckets::all.size());
    for (std::size_t i = 0; i < buckets->size(); ++i) {
        CHECK((*buckets)[i].name == etcd::buckets::all[i]);
    }
}

TEST_CASE(
    "the rows of a real snapshot come in revision order, and each is found again by its key") {
    const auto file = MappedFile::open(SALVOR_TESTDATA "/real/etcd-3.6/rich.db");
    const auto db = bbolt::Database::open(file->bytes());
    const auto rows = db->bucket(etcd::buckets::key);
    REQUIRE(rows);
    REQUIRE(rows->has_value());
    etcd::Revision last;
    bbolt::Leaves leaves(*db, **rows);
    for (;;) {
        const auto leaf = leaves.next();
        REQUIRE(leaf);
        if (!*leaf) break;
        for (std::size_t i = 0; i < (*leaf)->count(); ++i) {
            const auto entry = (*leaf)->leaf(i);
            const auto row = etcd::parse_row_key(entry.key);
            REQUIRE(row);
            REQUIRE(row->revision > last);
            last = row->revision;
            const auto found = db->get(**rows, entry.key);
            REQUIRE(found);
            REQUIRE(found->has_value());
            REQUIRE((*found)->data() == entry.value.data());
        }
    }
    CHECK(last.main > 1);
}
