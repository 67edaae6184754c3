#include "core/upstream/quick_status.hpp"

#include "core/upstream/leaf_pass.hpp"
#include "core/upstream/storage_version.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::upstream {
namespace {

using bbolt::number;

/// What must be so before the tree is looked at.
Result<bbolt::Database> sound_frame(const Image& image) {
    const Bytes file = image.file();
    SALVOR_TRY(auto db, bbolt::Database::open(file));
    if (db.page_size() != image.page_size() || db.meta().root != image.meta().root ||
        db.meta().txid != image.meta().txid) {
        return fail(ErrorCode::malformed, "the meta pages do not agree on the page size");
    }
    if (number(db.meta().high_water) > file.size() / db.page_size()) {
        return fail(ErrorCode::malformed,
                    "the file has {} bytes, its {} pages of {} need more: it was cut short",
                    file.size(), number(db.meta().high_water), db.page_size());
    }
    for (const int i : {0, 1}) {
        SALVOR_TRY(const auto page, db.page(bbolt::PageId{static_cast<std::uint64_t>(i)}));
        if (page.type() != bbolt::PageType::meta)
            return fail(ErrorCode::malformed, "page {}: its flags are not those of a meta page", i);
        if (!db.metas()[i].valid())
            return fail(ErrorCode::malformed, "meta page {}: {}", i, db.metas()[i].flaw);
    }
    // Nothing is wrong with that, but whether the list is right only the exact walk tells.
    if (db.stores_freelist()) return fail(ErrorCode::unsupported, "");
    return db;
}

Result<std::string> stored_version(const bbolt::Database& db) {
    SALVOR_TRY(const auto meta, db.bucket(etcd::buckets::meta));
    if (!meta) return fail(ErrorCode::not_found, "there is no bucket meta");
    SALVOR_TRY(const auto value, db.get(*meta, etcd::meta_keys::storage_version));
    return normal_version(value.value_or(Bytes{}));
}

}  // namespace

Result<Status> quick_status(const Image& image, int fd) {
    SALVOR_TRY(const auto db, sound_frame(image));
    const bool modern = image.line() >= etcd::Line::v3_6;
    Status status;
    if (modern) {
        SALVOR_TRY(status.version, stored_version(db));
    }
    SALVOR_TRY(const auto units, find_units(db));
    LeafPass pass(image.line(), db, fd, units, modern ? Wanted::live : Wanted::entries,
                  Access::read);
    SALVOR_CHECK(pass.run());
    status.hash = pass.sum();
    status.revision = pass.revision();
    status.total_key = pass.total_key();
    status.total_size = static_cast<std::int64_t>(db.logical_size());
    return status;
}

Result<void> quick_check(const Image& image, int fd, Access access) {
    SALVOR_TRY(const auto db, sound_frame(image));
    SALVOR_TRY(const auto units, find_units(db));
    return LeafPass(image.line(), db, fd, units, Wanted::order, access).run();
}

}  // namespace salvor::upstream
