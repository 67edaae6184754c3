#include "core/upstream/leaf_pass.hpp"

#include <malloc.h>

#include <catch2/catch.hpp>
#include <string>

#include "formats/bbolt/writer.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

using namespace salvor;
using namespace salvor::upstream;

namespace {

/// The row of a put of key `n`, as far as the pass looks at it.
std::string put_of(int n) {
    const auto key = fmt::format("{:08}", n);
    return "\x0a\x08" + key + "\x10\x02\x18\x02\x20\x01\x2a\x01v";
}

/// A database of `rows` puts, each of a key of its own.
std::string database_of(int rows) {
    std::string file;
    bbolt::DenseWriter writer(
        [&](std::uint64_t offset, Bytes bytes) -> Result<void> {
            if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
            file.replace(offset, bytes.size(), bytes);
            return {};
        },
        4096);
    REQUIRE(writer.begin_bucket(etcd::buckets::key));
    for (int n = 0; n < rows; ++n) {
        const auto key = etcd::encode_revision({n + 2, 0});
        REQUIRE(writer.put({key.data(), key.size()}, put_of(n)));
    }
    REQUIRE(writer.finish(bbolt::TxId{1}));
    return file;
}

std::size_t heap() {
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
}

}  // namespace

// What each unit had found out was kept until the end: 16 bytes a row and more, beside the table of
// keys. A sanitizer's heap tells nothing of itself; there the sum alone is tested.
TEST_CASE("a pass over many rows gives back what it noted of them") {
    constexpr int rows = 200'000;
    const auto file = database_of(rows);
    const auto db = bbolt::Database::open(file);
    REQUIRE(db);
    const auto units = find_units(*db);
    REQUIRE(units);
    LeafPass pass(etcd::Line::v3_7, *db, -1, *units, Wanted::live, Access::mapped);
    const auto before = heap();
    REQUIRE(pass.run());
    const auto after = heap();
    CHECK(pass.total_key() == rows);
    CHECK(after < before + rows);  // a byte a row
}
