#include "core/timeline/rows.hpp"

#include "formats/base/checksum.hpp"

namespace salvor::timeline {

Result<Row> row_of(const bbolt::Database& db, const bbolt::LeafEntry& entry) {
    const auto row_key = etcd::parse_row_key(entry.key);
    if (!row_key || entry.is_bucket) return no_row_key(db, entry);
    return Row{*row_key, entry.key, entry.value};
}

std::unexpected<Error> no_row_key(const bbolt::Database& db, const bbolt::LeafEntry& entry) {
    return fail_at(db.offset_of(entry.key.data()), ErrorCode::malformed,
                   "key bucket: {} is no row key", hex(entry.key));
}

namespace {

std::unexpected<Error> unreadable(const bbolt::Database& db, const Row& row, const Error& error) {
    const auto offset = db.offset_of(row.raw_value.data());
    return fail_at(offset, ErrorCode::malformed, "row {} at byte {}: {}",
                   to_string(row.row_key.revision), offset, error.message);
}

}  // namespace

Result<etcd::KeyValue> key_value_of(const bbolt::Database& db, const Row& row) {
    auto kv = etcd::parse_key_value(row.raw_value);
    if (!kv) [[unlikely]]
        return unreadable(db, row, kv.error());
    return kv;
}

Result<Bytes> key_of(const bbolt::Database& db, const Row& row) {
    auto key = etcd::parse_key(row.raw_value);
    if (!key) [[unlikely]]
        return unreadable(db, row, key.error());
    return key;
}

std::unexpected<Error> too_many_rows(const bbolt::Database& db) {
    return fail(
        ErrorCode::malformed,
        "the key bucket has more than {} rows, which a file of {} bytes cannot hold: its pages are "
        "reached more than once",
        max_rows(db), db.image().size());
}

bbolt::LeafEntry entry_at(const bbolt::Database& db, RowPosition position) {
    const char* at = db.image().data() + number(position);
    const auto e = bbolt::LeafElement::load(at);
    return {{at + e.pos, e.ksize},
            {at + e.pos + e.ksize, e.vsize},
            (e.flags & bbolt::bucket_flag) != 0};
}

}  // namespace salvor::timeline
