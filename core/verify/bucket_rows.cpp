#include "core/verify/bucket_rows.hpp"

namespace salvor::verify {

Place BucketRow::place() const {
    Place place;
    place.offset = db.offset_of(entry.key.data());
    place.page = leaves.path().empty() ? *place.offset / db.page_size() : number(leaf.id());
    place.path = leaves.path();
    place.bucket = bucket;
    place.key = std::string(entry.key);
    return place;
}

}  // namespace salvor::verify
