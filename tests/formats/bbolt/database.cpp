#include "formats/bbolt/database.hpp"

#include <catch2/catch.hpp>

#include "formats/base/mapped_file.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

#include "tests/formats/bbolt/contents.hpp"

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

TEST_CASE("a walk ends with an error where a page is named twice, and does not read it again") {
    // A million names for one leaf would make a walk without memory endless for all practical
    // purposes.
    bbolt::Contents contents;
    for (int i = 0; i < 100; ++i) contents["b"][fmt::format("{:03}", i)] = "v";
    std::string image = bbolt::dense(contents, 512);
    const auto db = bbolt::Database::open(image);
    const auto bucket = db->bucket("b");
    const auto root = db->page((*bucket)->root);
    REQUIRE(root->type() == bbolt::PageType::branch);
    store_le(image.data() + root->element_offset(1) + 8, number(root->branch(0).child));
    bbolt::Leaves leaves(*db, **bucket);
    CHECK(*leaves.next());
    const auto second = leaves.next();
    REQUIRE(!second);
    CHECK(second.error().code == ErrorCode::malformed);

    std::vector<std::string> told;
    bbolt::Leaves going_on(*db, **bucket, [&](const Problem& p) { told.emplace_back(p.check); });
    std::size_t pages = 0;
    while (*going_on.next()) ++pages;
    CHECK(pages == root->count() - 1);
    CHECK(told == std::vector<std::string>{"page-shared"});
}

TEST_CASE("a bucket whose value is too short for a header hides no other bucket") {
    // The whole leaf was refused for it, and with it every bucket of the file.
    bbolt::Contents contents;
    for (const auto* name : {"a", "b", "c"}) contents[name]["k"] = name;
    std::string image = bbolt::dense(contents, 4096);
    const auto sound = bbolt::Database::open(image);
    const auto root = sound->page(sound->meta().root);
    store_le(image.data() + root->element_offset(1) + 12, std::uint32_t{5});

    const auto db = bbolt::Database::open(image);
    CHECK(**db->get(**db->bucket("a"), "k") == "a");
    CHECK(**db->get(**db->bucket("c"), "k") == "c");
    CHECK(!*db->bucket("d"));
    const auto flawed = db->bucket("b");
    REQUIRE(!flawed);
    CHECK(flawed.error().message ==
          "bucket b: its value has 5 bytes, a bucket's header alone needs 16");
    std::vector<std::string> told;
    bbolt::check(*db, [&](const Problem& problem) { told.emplace_back(problem.check); });
    CHECK(std::count(told.begin(), told.end(), "bucket-header") == 1);
}

TEST_CASE("a walk that began with a seek does not go round a cycle for ever") {
    bbolt::Contents contents;
    for (int i = 0; i < 100; ++i) contents["b"][fmt::format("{:03}", i)] = "v";
    std::string image = bbolt::dense(contents, 512);
    const auto db = bbolt::Database::open(image);
    const auto bucket = db->bucket("b");
    const auto root = db->page((*bucket)->root);
    store_le(image.data() + root->element_offset(1) + 8, number((*bucket)->root));
    bbolt::Leaves leaves(*db, **bucket, [](const Problem&) {});
    REQUIRE(leaves.seek("000"));
    std::size_t pages = 1;
    while (*leaves.next()) ++pages;
    CHECK(pages < 2 * root->count() + 2);
}

TEST_CASE("with the file as reach an element is read beyond its run, as bbolt reads it") {
    const auto file =
        MappedFile::open(SALVOR_TESTDATA "/flawed/damaged/damaged/29-overflow-lost.db");
    REQUIRE(file);
    const auto strict = bbolt::Database::open(file->bytes());
    const auto page = strict->check_page(bbolt::PageId{102});
    REQUIRE(!page);
    CHECK(std::string(page.error().check) == "element-bounds");
    CHECK(page.error().place.offset == 102 * 4096 + 16);
    const auto lenient = bbolt::Database::open(file->bytes(), bbolt::Reach::file);
    const auto base = MappedFile::open(SALVOR_TESTDATA "/flawed/damaged/damaged/base.db");
    const auto intact = bbolt::Database::open(base->bytes());
    const auto read = lenient->page(bbolt::PageId{102});
    const auto wanted = intact->page(bbolt::PageId{102});
    REQUIRE(read);
    REQUIRE(wanted);
    CHECK(read->leaf(0).value == wanted->leaf(0).value);
}
