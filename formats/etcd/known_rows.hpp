#pragma once

#include "formats/base/bytes.hpp"

namespace salvor::etcd {

/// Whether etcd 3.4 to 3.7 has a bucket of this name.
bool is_known_bucket(Bytes bucket);
/// Whether it has a row of this key in it. Rows of others are kept wherever a file is copied or
/// rewritten.
bool is_known_row(Bytes bucket, Bytes key);

}  // namespace salvor::etcd
