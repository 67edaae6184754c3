// Any bytes, as a damaged database: what is given back must be a database that reads to its end, in
// which every row stands as the file has it, and every byte of the file must be accounted for.

#include <cstdlib>

#include "core/recover/carve.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/bbolt/writer.hpp"
#include "formats/etcd/stray_row.hpp"

using namespace salvor;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t rows_of(const bbolt::Database& db) {
    const auto bucket = db.bucket("key");
    require(bucket && *bucket);
    bbolt::Leaves leaves(db, **bucket);
    std::size_t rows = 0;
    for (;;) {
        const auto leaf = leaves.next();
        require(leaf.has_value());
        if (!*leaf) return rows;
        for (std::size_t i = 0; i < (*leaf)->count(); ++i) {
            const auto entry = (*leaf)->leaf(i);
            const auto key = etcd::parse_row_key(entry.key);
            require(key && etcd::agrees(*key, entry.value));
            ++rows;
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(reinterpret_cast<const char*>(data), size);
    const auto recovery = recover::Recovery::run(bytes);
    if (!recovery) return 0;
    require((*recovery)->outcome().account.sum() == size);
    for (const auto& row : recover::carve(**recovery)) require(!(*recovery)->row(row.row.revision));
    for (const auto& fragment : recover::fragments(**recovery))
        require(fragment.size > 0 && fragment.offset + fragment.size <= size);
    std::string made;
    const auto written =
        (*recovery)->write_pages([&](std::uint64_t offset, Bytes page) -> Result<void> {
            made.resize(std::max<std::size_t>(made.size(), offset + page.size()));
            made.replace(offset, page.size(), page);
            return {};
        });
    require(written.has_value());
    const auto db = bbolt::Database::open(made);
    require(db.has_value());
    require(rows_of(*db) == (*recovery)->outcome().rows);
    return 0;
}
