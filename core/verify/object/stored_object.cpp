#include "core/verify/object/stored_object.hpp"

#include "core/cluster/registry_key.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {

Place StoredObject::place() const {
    const auto entry = timeline::entry_at(db, position);
    Place place;
    place.offset = db.offset_of(entry.key.data());
    place.page = number(position) / db.page_size();
    place.bucket = etcd::buckets::key;
    place.key = std::string(entry.key);
    if (const auto row = etcd::parse_row_key(entry.key)) place.revision = to_string(row->revision);
    return place;
}

std::string StoredObject::words() const {
    return text::escape(cluster::without_token(kv.key));
}

}  // namespace salvor::verify
