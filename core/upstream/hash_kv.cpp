#include "core/upstream/hash_kv.hpp"

#include "core/timeline/keyspace.hpp"
#include "core/upstream/check.hpp"
#include "core/upstream/quick_status.hpp"
#include "formats/base/checksum.hpp"

namespace salvor::upstream {
namespace {

/// Of the database that bbolt makes of an empty file.
Result<timeline::HashKv> hash_of_nothing(std::int64_t revision) {
    if (revision > 1) return timeline::future_revision();
    return timeline::HashKv{crc32c(0, "key"), revision == 0 ? 1 : revision, -1};
}

/// 3.6 has no lessor at hand and panics where a live key has a lease.
Result<void> without_leases(const bbolt::Database& db) {
    SALVOR_TRY(const auto attached, timeline::attachments(db));
    if (attached.empty()) return {};
    return fail(
        ErrorCode::unsupported,
        "a live key has lease {:x}: etcdutl 3.6 has no hash for such a file, 3.7 has (--as 3.7)",
        static_cast<std::uint64_t>(attached[0].lease));
}

}  // namespace

Result<timeline::HashKv> hash_kv(const MappedFile& file, std::int64_t revision, etcd::Line line) {
    const Bytes bytes = file.bytes();
    if (bytes.empty()) return hash_of_nothing(revision);
    const auto image = Image::open(bytes, line);
    if (!image) {
        return fail(ErrorCode::malformed, "{} is no database that can be opened: {}",
                    file.path().string(), image.error().message);
    }
    const auto db = bbolt::Database::open(image->mapped(), bbolt::Reach::file);
    Result<timeline::HashKv> hash;
    if (db) hash = timeline::hash_kv(*db, revision);
    // Behind it, when all pages are mapped.
    const auto sound = quick_check(*image, file.fd(), Access::mapped);
    if (!sound) {
        auto opened = open_for_writing(*image);
        if (opened) opened = commit_once(*image);
        if (!opened) {
            return fail(
                ErrorCode::flawed,
                "{}; the file is damaged and no hash can be told, `salvor verify` lists what "
                "is wrong",
                opened.error().sentence);
        }
    }
    if (!db) return std::unexpected(db.error());
    if (line < etcd::Line::v3_7) SALVOR_CHECK(without_leases(*db));
    return hash;
}

}  // namespace salvor::upstream
