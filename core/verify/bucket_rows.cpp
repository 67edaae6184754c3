#include "core/verify/bucket_rows.hpp"

#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::verify {

Place place_of(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf, std::size_t index) {
    const auto entry = leaf.page.leaf(index);
    Place place;
    place.offset = db.offset_of(entry.key.data());
    // An inline bucket's image stands in a page of its parent's.
    place.page = leaf.path.empty() ? *place.offset / db.page_size() : leaf.path.back();
    place.path = leaf.path;
    place.bucket = leaf.bucket;
    place.key = std::string(entry.key);
    if (leaf.bucket != etcd::buckets::key) return place;
    if (const auto key = etcd::parse_row_key(entry.key)) place.revision = to_string(key->revision);
    return place;
}

}  // namespace salvor::verify
